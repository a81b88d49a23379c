/** Some exchanges as the catalogue tells them, for the backend in memory. */

import type { ExchangeView, FieldShape, FieldTemplate, KeyType } from "../generated/wire";

const shape = (least: number, most: number, alphabet: FieldShape["alphabet"]): FieldShape => ({
  least,
  most,
  alphabet,
});
const field = (name: string, secret: boolean, shapes: FieldShape[] = []): FieldTemplate => ({
  name,
  secret,
  required: true,
  shapes,
});
const pair = (least: number, alphabet: FieldShape["alphabet"]): FieldTemplate[] => [
  field("apiKey", false, [shape(least, least, alphabet)]),
  field("secret", true, [shape(least, least, alphabet)]),
];

const exchange = (
  id: string,
  name: string,
  fields: FieldTemplate[],
  key_types: KeyType[] = ["hmac"],
  closed_on?: string,
): ExchangeView => ({ id, name, fields, key_types, ...(closed_on === undefined ? {} : { closed_on }) });

export const EXCHANGES: readonly ExchangeView[] = [
  exchange("binance", "Binance", pair(64, "alphanumeric"), ["hmac", "ed25519", "rsa"]),
  exchange("bitget", "Bitget", [...pair(35, "any"), field("passphrase", true)], ["hmac", "rsa"]),
  exchange("bittrex", "Bittrex", pair(32, "hex"), ["hmac"], "2023-12-04"),
  exchange("bybit", "Bybit", pair(18, "alphanumeric"), ["hmac", "rsa"]),
  exchange("coinbase", "Coinbase", [field("apiKey", false), field("privateKey", true, [shape(100, 400, "pem")])], [
    "ecdsa",
    "ed25519",
  ]),
  exchange("deribit", "Deribit", pair(8, "alphanumeric"), ["hmac", "ed25519"]),
  exchange("ftx", "FTX", pair(40, "any"), ["hmac"], "2022-11-11"),
  exchange("hyperliquid", "Hyperliquid", [field("walletAddress", false), field("privateKey", true)], ["agent-wallet"]),
  exchange("kraken", "Kraken", pair(56, "base64")),
  exchange("okx", "OKX", [...pair(36, "hex-dashes"), field("passphrase", true)]),
];
