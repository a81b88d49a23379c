/** The strings of the small windows and of what they are made of; a part of en.ts. */

export const windows = {
  code: {
    totp: "Code from your authenticator",
    totpHint: "Six digits",
    recovery: "Recovery code",
    recoveryHint: "One of the ten; it is spent by its use",
    useRecovery: "Use a recovery code",
    useTotp: "Use the authenticator",
    needTotp: "Type the six digits your authenticator shows now.",
    needRecovery: "Type one of your recovery codes.",
  },

  strength: {
    empty: "At least 12 characters; four unrelated words are good.",
    short: "Too short: at least 12 characters.",
    weak: "Probably too easy to guess: add a word or two.",
    fair: "Fair, by its length and variety.",
    good: "Good, by its length and variety.",
  },
} as const;
