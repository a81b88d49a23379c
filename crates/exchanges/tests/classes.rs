//! What well-known calls do, by the rules; above all those that no self-check may ever make.

use strongroom_exchanges::sign::{ADAPTERS, Class, Method, adapter};

fn check(exchange: &str, method: Method, call: &str, class: Class) {
    let found = adapter(exchange).expect("an adapter").class(method, call);
    assert_eq!(found, class, "{exchange} {} {call}", method.as_str());
}

#[test]
fn calls_that_change_or_destroy_keys_are_account_admin() {
    use Method::{Delete, Get, Post, Put};
    for (exchange, method, call) in [
        // These end or change the very key that signs them.
        ("bybit", Post, "/v5/user/delete-api"),
        ("bybit", Post, "/v5/user/update-api"),
        ("bitstamp", Post, "/api/v2/revoke_all_api_keys/"),
        ("mexc", Post, "/api/v3/apiKeyInfo"),
        ("deribit", Get, "/api/v2/private/reset_api_key"),
        ("deribit", Post, "/api/v2/private/reset_api_key"),
        ("deribit", Get, "/api/v2/private/remove_api_key"),
        ("deribit", Post, "/api/v2/private/remove_api_key"),
        ("deribit", Get, "/api/v2/private/disable_api_key"),
        ("deribit", Get, "/api/v2/private/edit_api_key"),
        ("deribit", Get, "/api/v2/private/change_scope_in_api_key"),
        ("bitmex", Delete, "/api/v1/apiKey"),
        ("bitmex", Post, "/api/v1/apiKey/disable"),
        ("gemini", Post, "/v1/oauth/revokeByToken"),
        ("bitfinex", Post, "/v2/auth/w/token"),
        ("hyperliquid", Post, "/exchange#approveAgent"),
        // These make, change or end keys of sub-accounts.
        ("binance", Post, "/sapi/v1/sub-account/subAccountApi"),
        ("binance", Post, "/sapi/v2/sub-account/subAccountApi"),
        ("binance", Delete, "/sapi/v1/sub-account/subAccountApi"),
        ("binance", Delete, "/sapi/v1/margin/apiKey"),
        ("binance", Put, "/sapi/v1/margin/apiKey/ip"),
        ("bybit", Post, "/v5/user/create-sub-api"),
        ("bybit", Post, "/v5/user/delete-sub-api"),
        ("okx", Post, "/api/v5/users/subaccount/apikey"),
        ("okx", Post, "/api/v5/users/subaccount/delete-apikey"),
        ("okx", Post, "/api/v5/users/subaccount/modify-apikey"),
        ("kucoin", Delete, "/api/v1/sub/api-key"),
        ("kucoin", Post, "/api/v1/sub/api-key/update"),
        ("gate", Delete, "/api/v4/sub_accounts/1/keys/abc"),
        ("gate", Put, "/api/v4/sub_accounts/1/keys/abc"),
        ("bitget", Post, "/api/v3/user/delete-sub-api"),
        ("mexc", Delete, "/api/v3/sub-account/apiKey"),
        ("htx", Post, "/v2/sub-user/api-key-deletion"),
    ] {
        check(exchange, method, call, Class::AccountAdmin);
    }
}

#[test]
fn the_calls_by_which_keys_are_looked_up_are_read() {
    use Method::{Get, Post};
    for (exchange, method, call) in [
        ("binance", Get, "/sapi/v1/account/apiRestrictions"),
        ("binance", Get, "/api/v3/account"),
        ("binanceus", Get, "/api/v3/account"),
        ("binanceus", Get, "/sapi/v3/apiTradingStatus"),
        ("bybit", Get, "/v5/user/query-api"),
        ("okx", Get, "/api/v5/account/config"),
        ("coinbase", Get, "/api/v3/brokerage/key_permissions"),
        ("kraken", Post, "/0/private/GetApiKeyInfo"),
        ("krakenfutures", Get, "/api/auth/v1/api-keys/v3/check"),
        ("kucoin", Get, "/api/v1/user/api-key"),
        ("gate", Get, "/api/v4/account/main_keys"),
        ("gate", Get, "/api/v4/account/detail"),
        ("bitget", Get, "/api/v3/account/info"),
        ("bitget", Get, "/api/v2/spot/account/info"),
        ("mexc", Get, "/api/v3/apiKeyInfo"),
        ("mexc", Get, "/api/v3/account"),
        ("htx", Get, "/v2/user/api-key"),
        ("bitfinex", Post, "/v2/auth/r/permissions"),
        ("bitstamp", Post, "/api/v2/account_balances/"),
        ("gemini", Post, "/v1/roles"),
        ("cryptocom", Post, "/exchange/v1/private/user-balance"),
        ("deribit", Get, "/api/v2/private/get_account_summary"),
        ("bitmex", Get, "/api/v1/apiKey"),
        ("hyperliquid", Post, "/info#userRole"),
        ("hyperliquid", Post, "/info#extraAgents"),
    ] {
        check(exchange, method, call, Class::Read);
    }
}

#[test]
fn orders_cancellations_transfers_and_withdrawals_are_told_apart_on_every_exchange() {
    use Class::{Cancel, Trade, Transfer, Withdraw};
    use Method::{Delete, Get, Post};
    for (exchange, method, call, class) in [
        ("binance", Post, "/api/v3/order", Trade),
        ("binance", Post, "/api/v3/order/cancelReplace", Trade),
        ("binance", Delete, "/api/v3/order", Cancel),
        ("binance", Post, "/sapi/v1/asset/transfer", Transfer),
        (
            "binance",
            Post,
            "/sapi/v1/sub-account/margin/transfer",
            Transfer,
        ),
        ("binance", Post, "/sapi/v1/capital/withdraw/apply", Withdraw),
        ("binance", Post, "/sapi/v1/giftcard/createCode", Withdraw),
        ("binance", Post, "/fapi/v1/order", Trade),
        ("binanceus", Post, "/api/v3/order", Trade),
        ("binanceus", Delete, "/api/v3/openOrders", Cancel),
        (
            "binanceus",
            Post,
            "/sapi/v1/capital/withdraw/apply",
            Withdraw,
        ),
        ("bybit", Post, "/v5/order/create", Trade),
        ("bybit", Post, "/v5/order/cancel-all", Cancel),
        ("bybit", Post, "/v5/asset/transfer/inter-transfer", Transfer),
        ("bybit", Post, "/v5/asset/withdraw/create", Withdraw),
        ("okx", Post, "/api/v5/trade/order", Trade),
        ("okx", Post, "/api/v5/trade/cancel-order", Cancel),
        ("okx", Post, "/api/v5/asset/transfer", Transfer),
        ("okx", Post, "/api/v5/asset/withdrawal", Withdraw),
        ("coinbase", Post, "/api/v3/brokerage/orders", Trade),
        (
            "coinbase",
            Post,
            "/api/v3/brokerage/orders/batch_cancel",
            Cancel,
        ),
        (
            "coinbase",
            Post,
            "/api/v3/brokerage/portfolios/move_funds",
            Transfer,
        ),
        ("coinbase", Post, "/v2/accounts/abc/transactions", Withdraw),
        ("kraken", Post, "/0/private/AddOrder", Trade),
        ("kraken", Post, "/0/private/CancelOrder", Cancel),
        ("kraken", Post, "/0/private/WalletTransfer", Transfer),
        ("kraken", Post, "/0/private/Withdraw", Withdraw),
        (
            "krakenfutures",
            Post,
            "/derivatives/api/v3/sendorder",
            Trade,
        ),
        (
            "krakenfutures",
            Post,
            "/derivatives/api/v3/cancelorder",
            Cancel,
        ),
        (
            "krakenfutures",
            Post,
            "/derivatives/api/v3/transfer",
            Transfer,
        ),
        (
            "krakenfutures",
            Post,
            "/derivatives/api/v3/withdrawal",
            Withdraw,
        ),
        ("kucoin", Post, "/api/v1/hf/orders", Trade),
        (
            "kucoin",
            Delete,
            "/api/v1/orders/5c35c02703aa673ceec2a168",
            Cancel,
        ),
        (
            "kucoin",
            Post,
            "/api/v3/accounts/universal-transfer",
            Transfer,
        ),
        ("kucoin", Post, "/api/v3/withdrawals", Withdraw),
        ("gate", Post, "/api/v4/spot/orders", Trade),
        ("gate", Delete, "/api/v4/futures/usdt/orders/12", Cancel),
        ("gate", Post, "/api/v4/wallet/transfers", Transfer),
        ("gate", Post, "/api/v4/withdrawals", Withdraw),
        ("gate", Post, "/api/v4/withdrawals/push", Withdraw),
        ("bitget", Post, "/api/v2/spot/trade/place-order", Trade),
        ("bitget", Post, "/api/v2/mix/order/cancel-order", Cancel),
        ("bitget", Post, "/api/v2/spot/wallet/transfer", Transfer),
        ("bitget", Post, "/api/v2/spot/wallet/withdrawal", Withdraw),
        ("mexc", Post, "/api/v3/order", Trade),
        ("mexc", Delete, "/api/v3/order", Cancel),
        ("mexc", Post, "/api/v3/capital/transfer", Transfer),
        ("mexc", Post, "/api/v3/capital/withdraw", Withdraw),
        ("mexc", Post, "/api/v3/capital/transfer/internal", Withdraw),
        ("htx", Post, "/v1/order/orders/place", Trade),
        ("htx", Post, "/v1/order/orders/12/submitcancel", Cancel),
        ("htx", Post, "/v2/account/transfer", Transfer),
        ("htx", Post, "/v1/dw/withdraw/api/create", Withdraw),
        ("bitfinex", Post, "/v2/auth/w/order/submit", Trade),
        ("bitfinex", Post, "/v2/auth/w/order/cancel", Cancel),
        ("bitfinex", Post, "/v2/auth/w/transfer", Transfer),
        ("bitfinex", Post, "/v2/auth/w/withdraw", Withdraw),
        ("bitstamp", Post, "/api/v2/buy/btcusd/", Trade),
        ("bitstamp", Post, "/api/v2/cancel_order/", Cancel),
        ("bitstamp", Post, "/api/v2/transfer-to-main/", Transfer),
        ("bitstamp", Post, "/api/v2/btc_withdrawal/", Withdraw),
        ("gemini", Post, "/v1/order/new", Trade),
        ("gemini", Post, "/v1/order/cancel", Cancel),
        ("gemini", Post, "/v1/account/transfer/btc", Transfer),
        ("gemini", Post, "/v1/withdraw/btc", Withdraw),
        (
            "cryptocom",
            Post,
            "/exchange/v1/private/create-order",
            Trade,
        ),
        (
            "cryptocom",
            Post,
            "/exchange/v1/private/cancel-order",
            Cancel,
        ),
        (
            "cryptocom",
            Post,
            "/exchange/v1/private/create-subaccount-transfer",
            Transfer,
        ),
        (
            "cryptocom",
            Post,
            "/exchange/v1/private/create-withdrawal",
            Withdraw,
        ),
        // A GET that buys.
        ("deribit", Get, "/api/v2/private/buy", Trade),
        ("deribit", Get, "/api/v2/private/cancel_all", Cancel),
        (
            "deribit",
            Get,
            "/api/v2/private/submit_transfer_to_subaccount",
            Transfer,
        ),
        ("deribit", Get, "/api/v2/private/withdraw", Withdraw),
        (
            "deribit",
            Get,
            "/api/v2/private/submit_transfer_to_user",
            Withdraw,
        ),
        ("bitmex", Post, "/api/v1/order", Trade),
        ("bitmex", Delete, "/api/v1/order/all", Cancel),
        ("bitmex", Post, "/api/v1/user/walletTransfer", Transfer),
        ("bitmex", Post, "/api/v1/user/requestWithdrawal", Withdraw),
        ("hyperliquid", Post, "/exchange#order", Trade),
        ("hyperliquid", Post, "/exchange#cancelByCloid", Cancel),
        ("hyperliquid", Post, "/exchange#usdClassTransfer", Transfer),
        ("hyperliquid", Post, "/exchange#withdraw3", Withdraw),
        ("hyperliquid", Post, "/exchange#usdSend", Withdraw),
    ] {
        check(exchange, method, call, class);
    }
}

#[test]
fn what_no_rule_names_is_unknown_and_every_exchange_has_rules() {
    for adapter in ADAPTERS {
        let exchange = adapter.exchange();
        for method in Method::ALL {
            check(exchange, method, "/no/such/call", Class::Unknown);
            check(exchange, method, "/", Class::Unknown);
        }
    }
    // Near misses are no hits: case, a part more, another method.
    check("binance", Method::Get, "/API/v3/account", Class::Unknown);
    check("binance", Method::Get, "/api/v3/account/", Class::Unknown);
    check("binance", Method::Post, "/api/v3/account", Class::Unknown);
    check("deribit", Method::Post, "/api/v2", Class::Unknown);
    check("hyperliquid", Method::Post, "/exchange", Class::Unknown);
}
