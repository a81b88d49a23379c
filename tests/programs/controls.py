"""What a screen reader is told of a program: every control that its windows show, as JSON.

usage: controls.py PROGRAM. Asks the accessibility bus of the session by AT-SPI itself, so that
what is told has gone the whole way from the page through the web view to the bus.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

# What a person operates, by AT-SPI's names, besides whatever takes the focus.
CONTROLS = {
    "push button", "toggle button", "radio button", "check box", "entry", "password text", "text",
    "spin button", "combo box", "link", "menu item", "check menu item", "radio menu item", "slider",
    "page tab", "table", "tree table", "list box", "switch", "button",
}
# Frames of the toolkit and the page that take the focus and are no controls.
GROUNDS = {"application", "frame", "window", "filler", "panel", "scroll pane", "document web",
           "document frame", "internal frame", "section"}
DEEPEST = 80


def walk(node, depth=0):
    """Everything below a node, it included. A page may change while it is read: what is gone is left out."""
    if node is None or depth > DEEPEST:
        return
    yield node
    try:
        children = [node.get_child_at_index(at) for at in range(node.get_child_count())]
    except GLib.Error:
        return
    for child in children:
        yield from walk(child, depth + 1)


def told(node):
    """What is said of one control, or `None` where the node is none or is not shown."""
    try:
        role, states = node.get_role_name(), node.get_state_set()
        if not states.contains(Atspi.StateType.SHOWING):
            return None
        takes_focus = states.contains(Atspi.StateType.FOCUSABLE) and role not in GROUNDS
        if role not in CONTROLS and not takes_focus:
            return None
        return {"role": role, "name": node.get_name().strip(), "focused": states.contains(Atspi.StateType.FOCUSED)}
    except GLib.Error:
        return None


def main():
    program = sys.argv[1]
    Atspi.init()
    desktop = Atspi.get_desktop(0)
    found = []
    for at in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(at)
        if application is not None and application.get_name() == program:
            found += [one for one in map(told, walk(application)) if one is not None]
    json.dump(found, sys.stdout)


main()
