"""English."""

from __future__ import annotations

from notifications.texts.model import APPOINTMENTS, Kind, Words

WORDS = Words(
    greeting="Hello{% if recipient.name %} {{ recipient.name }}{% endif %},",
    unsubscribe="No more messages of this kind:",
    asks={
        "appointment_confirm": "Will you come?",
        "appointment_cancel": "Cancel this appointment?",
        "waitlist_accept": "Take this place?",
        "waitlist_decline": "Decline this place?",
        "unsubscribe": "Receive no more messages of this kind?",
    },
    done={
        "appointment_confirm": "Thank you. We look forward to seeing you.",
        "appointment_cancel": "The appointment is cancelled.",
        "waitlist_accept": "The place is yours.",
        "waitlist_decline": "Thank you for telling us. The place goes to somebody else.",
        "unsubscribe": "You will receive no more messages of this kind.",
    },
    button="Yes",
    refused="This is no longer possible. Please contact the practice.",
    unusable="This link does not work, or no longer. Please contact the practice.",
    kinds={
        "appointment_booked": Kind(
            "Your appointment on {{ appointment.date }}",
            (
                "{% if appointment.status == 'pending' %}\n"
                "We have your booking, and will tell you when it is confirmed:\n"
                "{% else %}\n"
                "We have booked for you:\n"
                "{% endif %}\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "If you cannot come, cancel here: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: booked for {{ appointment.day }}, {{ "
                "appointment.time }}, {{ appointment.practitioner }}."
            ),
        ),
        "appointment_moved": Kind(
            "Your appointment is now on {{ appointment.date }}",
            (
                "Your appointment has moved. It is now:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "If you cannot come then, cancel here: {{ "
                "links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: your appointment is now on {{ "
                "appointment.day }}, {{ appointment.time }}."
            ),
        ),
        "appointment_cancelled": Kind(
            "Your appointment on {{ appointment.date }} is cancelled",
            (
                "This does not take place:\n"
                "\n"
                f"{APPOINTMENTS}"
                "We will gladly find another time for you."
            ),
            (
                "{{ organization.name }}: your appointment on {{ appointment.day "
                "}}, {{ appointment.time }} is cancelled."
            ),
        ),
        "appointment_confirmed": Kind(
            "Your appointment on {{ appointment.date }} is confirmed",
            (f"Your appointment is confirmed:\n\n{APPOINTMENTS}"),
            (
                "{{ organization.name }}: your appointment on {{ appointment.day "
                "}}, {{ appointment.time }} is confirmed."
            ),
        ),
        "appointment_reminder": Kind(
            "Reminder: {{ appointment.date }}, {{ appointment.time }}",
            (
                "We look forward to seeing you:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_confirm %}\n"
                "I will come: {{ links.appointment_confirm }}\n"
                "{% endif %}{% if links.appointment_cancel %}\n"
                "I cannot come: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }} reminds you: {{ appointment.day }}, {{ "
                "appointment.time }}, {{ appointment.practitioner }}.{% if "
                "links.appointment_cancel %} Cancel: {{ links.appointment_cancel "
                "}}{% endif %}"
            ),
        ),
        "daily_digest": Kind(
            "{{ day }}, appointments: {{ appointments|length }}",
            (
                "Your day, {{ day }}:\n"
                "\n"
                "{% for a in appointments %}\n"
                "{{ a.time }}-{{ a.end }} {{ a.service }}, {{ a.practitioner }}\n"
                "{% endfor %}"
            ),
            ("{{ day }}, appointments: {{ appointments|length }}, from {{ appointment.time }}."),
        ),
        "invoice": Kind(
            (
                "{% if data.kind == 'credit_note' %}Credit note{% else "
                "%}Invoice{% endif %} {{ data.number }}"
            ),
            (
                "Attached is {% if data.kind == 'credit_note' %}credit note{% "
                "else %}invoice{% endif %} {{ data.number }} for {{ data.total "
                "}}.\n"
                "{% if data.open_amount and data.due_on %}\n"
                "Please pay {{ data.open }} by {{ data.due_on }}{% if "
                "data.account %} to account {{ data.account }}{% endif %}{% if "
                "data.variable_symbol %}, reference {{ data.variable_symbol }}{% "
                "endif %}.\n"
                "{% endif %}"
            ),
            "{{ organization.name }}: invoice {{ data.number }}, {{ data.total }}.",
        ),
        "invoice_reminder": Kind(
            "Reminder: invoice {{ data.number }}",
            (
                "Invoice {{ data.number }} was due on {{ data.due_on }}. {{ "
                "data.open }} is still open{% if data.account %}; please pay to "
                "account {{ data.account }}{% endif %}{% if data.variable_symbol "
                "%}, reference {{ data.variable_symbol }}{% endif %}.\n"
                "\n"
                "If you have paid already, please disregard this message."
            ),
            (
                "{{ organization.name }}: invoice {{ data.number }} is overdue, "
                "{{ data.open }} open."
            ),
        ),
        "waitlist_offer": Kind(
            "A place has become free: {{ data.starts }}",
            (
                "A place has become free: {{ data.service_name }} with {{ "
                "data.practitioner_name }}, {{ data.starts }}.\n"
                "It is held for you until {{ data.expires }}.\n"
                "{% if links.waitlist_accept %}\n"
                "Take it: {{ links.waitlist_accept }}\n"
                "\n"
                "Decline: {{ links.waitlist_decline }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: a place is free, {{ data.starts }}, "
                "held until {{ data.expires }}.{% if links.waitlist_accept %} {{ "
                "links.waitlist_accept }}{% endif %}"
            ),
        ),
        "waitlist_offer_expired": Kind(
            "The offered place is no longer held",
            (
                "The place on {{ data.starts }} is no longer held for you. You "
                "stay on the waiting list."
            ),
            ("{{ organization.name }}: the place on {{ data.starts }} is no longer held for you."),
        ),
        "waitlist_unfilled": Kind(
            "A free place found nobody: {{ data.starts }}",
            (
                "Nobody on the waiting list took the place of {{ "
                "data.practitioner_name }} on {{ data.starts }}."
            ),
            "Nobody took the place of {{ data.practitioner_name }} on {{ data.starts }}.",
        ),
        "staff_message": Kind(
            (
                "{{ data.subject|default('Message from ', true) }}{% if not "
                "data.subject %}{{ organization.name }}{% endif %}"
            ),
            "{{ data.body }}",
            "{{ organization.name }}: {{ data.body }}",
        ),
        "client_report_shared": Kind(
            "A document for you",
            "{{ organization.name }} has shared a document with you. Sign in to read it.",
            "{{ organization.name }} has shared a document with you.",
        ),
    },
)
