import { expect, test } from "vitest";

import { toFault, words } from "./errors";
import { ERROR_CODES } from "./generated/wire";

test("each code has words that say what to do", () => {
  for (const code of ERROR_CODES) {
    const sentence = words({ code, message: "the agent's own sentence" });
    expect(sentence.length, code).toBeGreaterThan(20);
    expect(sentence, code).not.toMatch(/!|oops|please/i);
  }
});

test("wrong credentials never say which of the two was wrong", () => {
  const sentence = words({ code: "wrong-credentials", message: "" });
  expect(sentence).toContain("password or the code");
});

test("whatever is thrown becomes a fault, and only a fault keeps its code", () => {
  const throttled = { code: "throttled", message: "wait", retry_after_ms: 4000 } as const;
  expect(toFault(throttled)).toBe(throttled);
  expect(toFault("Command unlock not allowed by ACL").code).toBe("internal");
  expect(toFault({ code: "made-up", message: "x" }).code).toBe("internal");
  expect(toFault(null).code).toBe("internal");
  expect(toFault(new Error("secret text")).message).not.toContain("secret text");
});
