export type Texts = Record<string, string>;

export interface ChannelSettings {
  accent: string;
  position: "right" | "left";
  title: Texts;
  greeting: Texts;
  away: Texts;
  privacy_url: string | null;
  sound: boolean;
}

export interface Channel {
  id: string;
  key: string;
  name: string;
  kind: string;
  settings: ChannelSettings;
  allowed_origins: string[];
  active: boolean;
  created_at: string;
  identity_keys: { kid: string; created_at: string }[];
}
