import { expect, test } from "vitest";

import { t } from "../../i18n/en";
import { addressProblem, rulesIn } from "./address";

const need = t.editor.need;

test.each([
  ["203.0.113.7", ""],
  ["203.0.113.0/24", ""],
  ["2001:db8::1", ""],
  ["2001:db8::/32", ""],
  ["::ffff:1", ""],
  [" 203.0.113.7 ", ""],
  ["203.0.113", need.address],
  ["203.0.113.256", need.address],
  ["203.0.113.07", need.address],
  ["2001:db8::1::2", need.address],
  ["1:2:3:4:5:6:7", need.address],
  ["VPS-1", need.address],
  ["203.0.113.7/33", need.prefix(32)],
  ["203.0.113.7/x", need.prefix(32)],
  ["2001:db8::/129", need.prefix(128)],
  ["203.0.113.7/24", need.hostBits],
  ["::ffff:203.0.113.7", need.mapped],
  ["0.0.0.0/0", need.everything],
  ["203.0.113.0/0", need.everything],
  ["::/0", need.everything],
])("%s is judged as the agent will", (text, problem) => {
  expect(addressProblem(text)).toBe(problem);
});

test("pasted lines become rules, with the hosts that stand behind them", () => {
  expect(rulesIn("203.0.113.7 VPS-1\n\n# home\n198.51.100.0/24, office, second floor\n2001:db8::1")).toEqual([
    { address: "203.0.113.7", host: "VPS-1" },
    { address: "198.51.100.0/24", host: "office second floor" },
    { address: "2001:db8::1", host: "" },
  ]);
  expect(rulesIn("203.0.113.7, 203.0.113.8,203.0.113.9").map(({ address }) => address)).toEqual([
    "203.0.113.7",
    "203.0.113.8",
    "203.0.113.9",
  ]);
});
