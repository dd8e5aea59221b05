"""Danish."""

from __future__ import annotations

from notifications.texts.model import APPOINTMENTS, Kind, Words

WORDS = Words(
    greeting="Hej{% if recipient.name %} {{ recipient.name }}{% endif %},",
    unsubscribe="Ingen flere beskeder af denne slags:",
    asks={
        "appointment_confirm": "Kommer du?",
        "appointment_cancel": "Aflys denne tid?",
        "waitlist_accept": "Tag denne tid?",
        "waitlist_decline": "Afslå denne tid?",
        "unsubscribe": "Ikke modtage flere beskeder af denne slags?",
    },
    done={
        "appointment_confirm": "Tak, vi glæder os til at se dig.",
        "appointment_cancel": "Tiden er aflyst.",
        "waitlist_accept": "Tiden er din.",
        "waitlist_decline": "Tak for beskeden. Tiden går til en anden.",
        "unsubscribe": "Du modtager ikke flere beskeder af denne slags.",
    },
    button="Ja",
    refused="Det kan ikke længere lade sig gøre. Kontakt venligst klinikken.",
    unusable="Dette link gælder ikke, eller ikke længere. Kontakt venligst klinikken.",
    kinds={
        "appointment_booked": Kind(
            "Din tid {{ appointment.date }}",
            (
                "{% if appointment.status == 'pending' %}\n"
                "Vi har modtaget din booking og giver besked, når den er bekræftet:\n"
                "{% else %}\n"
                "Vi har booket til dig:\n"
                "{% endif %}\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Kan du ikke komme, så aflys her: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: tid den {{ appointment.day }} kl. {{ "
                "appointment.time }}, {{ appointment.practitioner }}."
            ),
        ),
        "appointment_moved": Kind(
            "Din tid er nu {{ appointment.date }}",
            (
                "Din tid er flyttet. Den er nu:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Kan du ikke komme, så aflys her: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: din tid er nu den {{ appointment.day "
                "}} kl. {{ appointment.time }}."
            ),
        ),
        "appointment_cancelled": Kind(
            "Din tid {{ appointment.date }} er aflyst",
            (f"Følgende er aflyst:\n\n{APPOINTMENTS}Vi finder gerne en anden tid til dig."),
            (
                "{{ organization.name }}: din tid den {{ appointment.day }} kl. "
                "{{ appointment.time }} er aflyst."
            ),
        ),
        "appointment_confirmed": Kind(
            "Din tid {{ appointment.date }} er bekræftet",
            (f"Din tid er bekræftet:\n\n{APPOINTMENTS}"),
            (
                "{{ organization.name }}: din tid den {{ appointment.day }} kl. "
                "{{ appointment.time }} er bekræftet."
            ),
        ),
        "appointment_reminder": Kind(
            "Påmindelse: {{ appointment.date }}, {{ appointment.time }}",
            (
                "Vi glæder os til at se dig:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_confirm %}\n"
                "Jeg kommer: {{ links.appointment_confirm }}\n"
                "{% endif %}{% if links.appointment_cancel %}\n"
                "Jeg kan ikke komme: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }} minder om: {{ appointment.day }} kl. {{ "
                "appointment.time }}, {{ appointment.practitioner }}.{% if "
                "links.appointment_cancel %} Aflys: {{ links.appointment_cancel "
                "}}{% endif %}"
            ),
        ),
        "daily_digest": Kind(
            "{{ day }}, tider: {{ appointments|length }}",
            (
                "Din dag, {{ day }}:\n"
                "\n"
                "{% for a in appointments %}\n"
                "{{ a.time }}-{{ a.end }} {{ a.service }}, {{ a.practitioner }}\n"
                "{% endfor %}"
            ),
            "{{ day }}, tider: {{ appointments|length }}, fra {{ appointment.time }}.",
        ),
        "invoice": Kind(
            (
                "{% if data.kind == 'credit_note' %}Kreditnota{% else "
                "%}Faktura{% endif %} {{ data.number }}"
            ),
            (
                "Vedhæftet er {% if data.kind == 'credit_note' %}kreditnota{% "
                "else %}faktura{% endif %} {{ data.number }} på {{ data.total }}\n"
                "{% if data.open_amount and data.due_on %}\n"
                "Betal venligst {{ data.open }} senest {{ data.due_on }}{% if "
                "data.account %} til konto {{ data.account }}{% endif %}{% if "
                "data.variable_symbol %}, reference {{ data.variable_symbol }}{% "
                "endif %}.\n"
                "{% endif %}"
            ),
            "{{ organization.name }}: faktura {{ data.number }}, {{ data.total }}",
        ),
        "invoice_reminder": Kind(
            "Rykker: faktura {{ data.number }}",
            (
                "Faktura {{ data.number }} forfaldt den {{ data.due_on }}. {{ "
                "data.open }} mangler endnu{% if data.account %}; betal venligst "
                "til konto {{ data.account }}{% endif %}{% if "
                "data.variable_symbol %}, reference {{ data.variable_symbol }}{% "
                "endif %}.\n"
                "\n"
                "Har du allerede betalt, kan du se bort fra denne besked."
            ),
            (
                "{{ organization.name }}: faktura {{ data.number }} er "
                "forfalden, {{ data.open }} mangler."
            ),
        ),
        "waitlist_offer": Kind(
            "En tid er blevet ledig: {{ data.starts }}",
            (
                "En tid er blevet ledig: {{ data.service_name }}, {{ "
                "data.practitioner_name }}, {{ data.starts }}.\n"
                "Den holdes til dig indtil {{ data.expires }}.\n"
                "{% if links.waitlist_accept %}\n"
                "Tag den: {{ links.waitlist_accept }}\n"
                "\n"
                "Afslå: {{ links.waitlist_decline }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: ledig tid {{ data.starts }}, holdes "
                "indtil {{ data.expires }}.{% if links.waitlist_accept %} {{ "
                "links.waitlist_accept }}{% endif %}"
            ),
        ),
        "waitlist_offer_expired": Kind(
            "Den tilbudte tid holdes ikke længere",
            ("Tiden den {{ data.starts }} holdes ikke længere til dig. Du bliver på ventelisten."),
            ("{{ organization.name }}: tiden den {{ data.starts }} holdes ikke længere til dig."),
        ),
        "waitlist_unfilled": Kind(
            "En ledig tid blev ikke taget: {{ data.starts }}",
            (
                "Ingen på ventelisten tog tiden hos {{ data.practitioner_name }} "
                "den {{ data.starts }}."
            ),
            "Ingen tog tiden hos {{ data.practitioner_name }} den {{ data.starts }}.",
        ),
        "staff_message": Kind(
            (
                "{{ data.subject|default('Besked fra ', true) }}{% if not "
                "data.subject %}{{ organization.name }}{% endif %}"
            ),
            "{{ data.body }}",
            "{{ organization.name }}: {{ data.body }}",
        ),
        "client_report_shared": Kind(
            "Et dokument til dig",
            ("{{ organization.name }} har delt et dokument med dig. Log ind for at læse det."),
            "{{ organization.name }} har delt et dokument med dig.",
        ),
    },
)
