"""What ccxt signs, for comparison: one JSON request a line in, one JSON answer a line out.

Clock, nonces and random bytes are those of the request. Where the exchange leaves the order of
parameters free and ccxt has one of its own, the request says which parameters come last. Nothing
is sent anywhere.
"""

import json
import sys

import ccxt

instances = {}


def instance(request):
    """The exchange with this request's key, and with time and chance taken out of it."""
    name = request["exchange"]
    if name not in instances:
        instances[name] = getattr(ccxt, name)()
    exchange = instances[name]
    for field, value in request["credential"].items():
        setattr(exchange, field, value)
    exchange.options.update(request.get("options", {}))
    now_ms = request["now_ms"]
    nonce = request.get("nonce", "")
    exchange.milliseconds = lambda: now_ms
    exchange.seconds = lambda: now_ms // 1000
    exchange.nonce = lambda: int(nonce) if nonce.isdigit() else now_ms
    exchange.incrementing_nonce = exchange.nonce
    exchange.uuid = lambda *arguments: nonce
    exchange.random_bytes = lambda length: nonce
    if "host" in request:
        exchange.urls["hostnames"] = {"spot": request["host"], "contract": request["host"]}
    last = request.get("last", [])

    def urlencode(params={}, doseq=False, sort=False):
        ordered = {name: value for name, value in params.items() if name not in last}
        ordered.update({name: params[name] for name in last if name in params})
        return ccxt.Exchange.urlencode(ordered, doseq, sort)

    exchange.urlencode = urlencode
    return exchange


def hyperliquid(exchange, request):
    """Hyperliquid signs actions, not requests."""
    nonce = int(request["nonce"])
    kind = request["kind"]
    if kind == "action":
        return exchange.sign_l1_action(
            request["action"], nonce, request.get("vault"), request.get("expires")
        )
    return getattr(exchange, kind)(request["message"])


def answer(request):
    exchange = instance(request)
    if request["exchange"] == "hyperliquid":
        return hyperliquid(exchange, request)
    return exchange.sign(request["path"], request["api"], request["method"], request["params"])


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
