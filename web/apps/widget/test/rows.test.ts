import type { PublicMessage } from "@alongside/contract";
import { describe, expect, test } from "vitest";
import { rows, unread } from "../src/panel/rows";

const ines = { display_name: "Ines", picture_url: null };
const tom = { display_name: "Tom", picture_url: null };

function message(seq: number, at: string, person: PublicMessage["person"] = null): PublicMessage {
  return {
    seq,
    at,
    mine: person === null,
    text: `message ${seq}`,
    client_id: null,
    person,
    automatic: false,
    cards: [],
    attachments: [],
    edited: false,
    deleted: false,
    quote: null,
    change: null,
  };
}

describe("rows", () => {
  test("runs end with the author, with five minutes, and with the day", () => {
    const shown = rows([
      message(1, "2026-03-01T10:00:00"),
      message(2, "2026-03-01T10:01:00"),
      message(3, "2026-03-01T10:02:00", ines),
      message(4, "2026-03-01T10:03:00", tom),
      message(5, "2026-03-01T10:04:00", tom),
      message(6, "2026-03-01T10:20:00", tom),
      message(7, "2026-03-02T00:00:30", tom),
    ]);
    expect(shown.map((row) => row.first)).toEqual([true, false, true, true, false, true, true]);
    expect(shown.map((row) => row.last)).toEqual([false, true, true, false, true, true, true]);
    expect(shown.map((row) => row.newDay)).toEqual([true, false, false, false, false, false, true]);
  });

  test("unread are the team's messages after the last one seen", () => {
    const messages = [
      message(1, "2026-03-01T10:00:00", ines),
      message(2, "2026-03-01T10:00:00"),
      message(3, "2026-03-01T10:00:00", tom),
    ];
    expect(unread(messages, 0)).toBe(2);
    const automatic = { ...message(4, "2026-03-01T10:00:00", null), mine: false, automatic: true };
    expect(unread([...messages, automatic], 0)).toBe(2);
    expect(unread(messages, 1)).toBe(1);
    expect(unread(messages, 3)).toBe(0);
  });
});
