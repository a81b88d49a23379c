"""Reads a calendar from standard input with the icalendar package, and prints its to-dos as JSON."""

import json
import sys
from datetime import timezone

from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
found = []
for todo in calendar.walk("VTODO"):
    due = todo["DUE"].dt
    found.append(
        {
            "uid": str(todo["UID"]),
            "due_ms": int(due.astimezone(timezone.utc).timestamp() * 1000),
            "utc": due.utcoffset().total_seconds() == 0,
            "summary": str(todo["SUMMARY"]),
            "description": str(todo["DESCRIPTION"]),
            "priority": int(todo["PRIORITY"]),
            "status": str(todo["STATUS"]),
            "alarms": [
                {
                    "action": str(alarm["ACTION"]),
                    "before_s": -alarm["TRIGGER"].dt.total_seconds(),
                    "related": alarm["TRIGGER"].params.get("RELATED", "START"),
                    "description": str(alarm["DESCRIPTION"]),
                }
                for alarm in todo.walk("VALARM")
            ],
        }
    )
json.dump(
    {
        "version": str(calendar["VERSION"]),
        "errors": [str(error) for part in calendar.walk() for error in part.errors],
        "todos": found,
    },
    sys.stdout,
)
