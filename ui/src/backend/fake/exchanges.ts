/** Some exchanges with what their keys are made of, as the catalogue has them. */

import type { Alphabet, ExchangeView, FieldShape, FieldTemplate } from "../generated/wire";
import type { Handlers } from "./world";

const shape = (least: number, most: number, alphabet: Alphabet, prefix?: string): FieldShape => ({
  least,
  most,
  alphabet,
  ...(prefix === undefined ? {} : { prefix }),
});

const field = (name: string, secret: boolean, ...shapes: FieldShape[]): FieldTemplate => ({
  name,
  secret,
  required: true,
  shapes,
});

const plain = (id: string, name: string): ExchangeView => ({
  id,
  name,
  fields: [field("apiKey", false), field("secret", true)],
  key_types: ["hmac"],
});

export const EXCHANGES: ExchangeView[] = [
  {
    id: "binance",
    name: "Binance",
    fields: [
      field("apiKey", false, shape(64, 64, "alphanumeric")),
      field("secret", true, shape(64, 64, "alphanumeric"), shape(100, 4000, "pem")),
    ],
    key_types: ["hmac", "ed25519", "rsa"],
  },
  { ...plain("bitget", "Bitget"), fields: [field("apiKey", false), field("secret", true), field("passphrase", true)], key_types: ["passphrase"] },
  plain("bybit", "Bybit"),
  {
    id: "coinbase",
    name: "Coinbase",
    fields: [field("apiKey", false, shape(20, 200, "any", "organizations/")), field("privateKey", true, shape(150, 400, "pem"))],
    key_types: ["ecdsa", "ed25519"],
  },
  plain("deribit", "Deribit"),
  { id: "ftx", name: "FTX", closed_on: "2022-11-11", fields: [], key_types: [] },
  {
    id: "hyperliquid",
    name: "Hyperliquid",
    fields: [field("walletAddress", false, shape(40, 40, "hex", "0x")), field("privateKey", true, shape(64, 64, "hex", "0x"))],
    key_types: ["agent-wallet"],
  },
  {
    id: "kraken",
    name: "Kraken",
    fields: [field("apiKey", false, shape(56, 56, "base64")), field("secret", true, shape(88, 88, "base64"))],
    key_types: ["hmac"],
  },
  {
    id: "okx",
    name: "OKX",
    fields: [
      field("apiKey", false, shape(36, 36, "hex-dashes")),
      field("secret", true, shape(32, 32, "upper-hex")),
      field("passphrase", true, shape(8, 32, "any")),
    ],
    key_types: ["passphrase"],
  },
];

export const exchangeHandlers: Handlers = {
  exchange_list: () => ({ exchanges: EXCHANGES }),
};
