export interface RoleBrief {
  id: string;
  name: string;
}

export interface Role extends RoleBrief {
  permissions: string[];
}

export type Area = "chat" | "call" | "both" | "none";

export interface Agent {
  id: string;
  email: string;
  display_name: string;
  picture_url: string | null;
  role: RoleBrief;
  team_ids: string[];
  area: Area;
  chat_limit: number;
  tags: string[];
  active: boolean;
  online: boolean;
  logged_in: boolean;
  locale: string;
}

export interface Team {
  id: string;
  name: string;
  tags: string[];
  member_ids: string[];
}

export interface Invitation {
  id: string;
  email: string;
  role: RoleBrief;
  invited_by: string | null;
  created_at: string;
  expires_at: string;
}
