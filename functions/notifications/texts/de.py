"""German."""

from __future__ import annotations

from notifications.texts.model import APPOINTMENTS, Kind, Words

WORDS = Words(
    greeting="Guten Tag{% if recipient.name %} {{ recipient.name }}{% endif %},",
    unsubscribe="Keine weiteren Nachrichten dieser Art:",
    asks={
        "appointment_confirm": "Kommen Sie?",
        "appointment_cancel": "Diesen Termin absagen?",
        "waitlist_accept": "Diesen Termin annehmen?",
        "waitlist_decline": "Diesen Termin ablehnen?",
        "unsubscribe": "Keine Nachrichten dieser Art mehr erhalten?",
    },
    done={
        "appointment_confirm": "Vielen Dank, wir freuen uns auf Sie.",
        "appointment_cancel": "Der Termin ist abgesagt.",
        "waitlist_accept": "Der Termin gehört Ihnen.",
        "waitlist_decline": "Danke für die Rückmeldung. Der Termin geht an jemand anderen.",
        "unsubscribe": "Sie erhalten keine Nachrichten dieser Art mehr.",
    },
    button="Ja",
    refused="Das ist nicht mehr möglich. Bitte wenden Sie sich an die Praxis.",
    unusable="Dieser Link gilt nicht oder nicht mehr. Bitte wenden Sie sich an die Praxis.",
    kinds={
        "appointment_booked": Kind(
            "Ihr Termin am {{ appointment.date }}",
            (
                "{% if appointment.status == 'pending' %}\n"
                "wir haben Ihre Buchung erhalten und melden uns, sobald sie bestätigt ist:\n"
                "{% else %}\n"
                "wir haben für Sie gebucht:\n"
                "{% endif %}\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Wenn Sie nicht kommen können, sagen Sie hier ab: {{ "
                "links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: Termin am {{ appointment.day }} um {{ "
                "appointment.time }}, {{ appointment.practitioner }}."
            ),
        ),
        "appointment_moved": Kind(
            "Ihr Termin ist nun am {{ appointment.date }}",
            (
                "Ihr Termin wurde verlegt. Er ist nun:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Wenn Sie nicht kommen können, sagen Sie hier ab: {{ "
                "links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: Ihr Termin ist nun am {{ "
                "appointment.day }} um {{ appointment.time }}."
            ),
        ),
        "appointment_cancelled": Kind(
            "Ihr Termin am {{ appointment.date }} ist abgesagt",
            (
                "folgendes findet nicht statt:\n"
                "\n"
                f"{APPOINTMENTS}"
                "Gern finden wir eine andere Zeit für Sie."
            ),
            (
                "{{ organization.name }}: Ihr Termin am {{ appointment.day }} um "
                "{{ appointment.time }} ist abgesagt."
            ),
        ),
        "appointment_confirmed": Kind(
            "Ihr Termin am {{ appointment.date }} ist bestätigt",
            (f"Ihr Termin ist bestätigt:\n\n{APPOINTMENTS}"),
            (
                "{{ organization.name }}: Ihr Termin am {{ appointment.day }} um "
                "{{ appointment.time }} ist bestätigt."
            ),
        ),
        "appointment_reminder": Kind(
            "Erinnerung: {{ appointment.date }}, {{ appointment.time }}",
            (
                "wir freuen uns auf Sie:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_confirm %}\n"
                "Ich komme: {{ links.appointment_confirm }}\n"
                "{% endif %}{% if links.appointment_cancel %}\n"
                "Ich kann nicht kommen: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }} erinnert Sie: {{ appointment.day }} um "
                "{{ appointment.time }}, {{ appointment.practitioner }}.{% if "
                "links.appointment_cancel %} Absagen: {{ "
                "links.appointment_cancel }}{% endif %}"
            ),
        ),
        "daily_digest": Kind(
            "{{ day }}, Termine: {{ appointments|length }}",
            (
                "Ihr Tag, {{ day }}:\n"
                "\n"
                "{% for a in appointments %}\n"
                "{{ a.time }}-{{ a.end }} {{ a.service }}, {{ a.practitioner }}\n"
                "{% endfor %}"
            ),
            "{{ day }}, Termine: {{ appointments|length }}, ab {{ appointment.time }}.",
        ),
        "invoice": Kind(
            (
                "{% if data.kind == 'credit_note' %}Gutschrift{% else "
                "%}Rechnung{% endif %} {{ data.number }}"
            ),
            (
                "anbei {% if data.kind == 'credit_note' %}die Gutschrift{% else "
                "%}die Rechnung{% endif %} {{ data.number }} über {{ data.total "
                "}}.\n"
                "{% if data.open_amount and data.due_on %}\n"
                "Bitte zahlen Sie {{ data.open }} bis {{ data.due_on }}{% if "
                "data.account %} auf das Konto {{ data.account }}{% endif %}{% "
                "if data.variable_symbol %}, Verwendungszweck {{ "
                "data.variable_symbol }}{% endif %}.\n"
                "{% endif %}"
            ),
            "{{ organization.name }}: Rechnung {{ data.number }}, {{ data.total }}.",
        ),
        "invoice_reminder": Kind(
            "Zahlungserinnerung: Rechnung {{ data.number }}",
            (
                "die Rechnung {{ data.number }} war am {{ data.due_on }} fällig. "
                "Offen sind {{ data.open }}{% if data.account %}; bitte zahlen "
                "Sie auf das Konto {{ data.account }}{% endif %}{% if "
                "data.variable_symbol %}, Verwendungszweck {{ "
                "data.variable_symbol }}{% endif %}.\n"
                "\n"
                "Falls Sie schon gezahlt haben, ist diese Nachricht gegenstandslos."
            ),
            (
                "{{ organization.name }}: Rechnung {{ data.number }} ist "
                "überfällig, offen {{ data.open }}."
            ),
        ),
        "waitlist_offer": Kind(
            "Ein Termin ist frei geworden: {{ data.starts }}",
            (
                "ein Termin ist frei geworden: {{ data.service_name }}, {{ "
                "data.practitioner_name }}, {{ data.starts }}.\n"
                "Wir halten ihn für Sie bis {{ data.expires }}.\n"
                "{% if links.waitlist_accept %}\n"
                "Annehmen: {{ links.waitlist_accept }}\n"
                "\n"
                "Ablehnen: {{ links.waitlist_decline }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: Termin frei, {{ data.starts }}, "
                "gehalten bis {{ data.expires }}.{% if links.waitlist_accept %} "
                "{{ links.waitlist_accept }}{% endif %}"
            ),
        ),
        "waitlist_offer_expired": Kind(
            "Der angebotene Termin wird nicht mehr gehalten",
            (
                "der Termin am {{ data.starts }} wird nicht mehr für Sie "
                "gehalten. Sie bleiben auf der Warteliste."
            ),
            (
                "{{ organization.name }}: der Termin am {{ data.starts }} wird "
                "nicht mehr für Sie gehalten."
            ),
        ),
        "waitlist_unfilled": Kind(
            "Ein freier Termin blieb frei: {{ data.starts }}",
            (
                "niemand auf der Warteliste nahm den Termin von {{ "
                "data.practitioner_name }} am {{ data.starts }}."
            ),
            ("Niemand nahm den Termin von {{ data.practitioner_name }} am {{ data.starts }}."),
        ),
        "staff_message": Kind(
            (
                "{{ data.subject|default('Nachricht von ', true) }}{% if not "
                "data.subject %}{{ organization.name }}{% endif %}"
            ),
            "{{ data.body }}",
            "{{ organization.name }}: {{ data.body }}",
        ),
        "client_report_shared": Kind(
            "Ein Dokument für Sie",
            (
                "{{ organization.name }} hat ein Dokument für Sie freigegeben. "
                "Melden Sie sich an, um es zu lesen."
            ),
            "{{ organization.name }} hat ein Dokument für Sie freigegeben.",
        ),
    },
)
