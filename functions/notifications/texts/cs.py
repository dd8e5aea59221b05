"""Czech."""

from __future__ import annotations

from notifications.texts.model import APPOINTMENTS, Kind, Words

WORDS = Words(
    greeting="Dobrý den,",
    unsubscribe="Další zprávy tohoto druhu nechci:",
    asks={
        "appointment_confirm": "Přijdete?",
        "appointment_cancel": "Zrušit tento termín?",
        "waitlist_accept": "Vzít si tento termín?",
        "waitlist_decline": "Odmítnout tento termín?",
        "unsubscribe": "Už nedostávat zprávy tohoto druhu?",
    },
    done={
        "appointment_confirm": "Děkujeme, těšíme se na vás.",
        "appointment_cancel": "Termín je zrušen.",
        "waitlist_accept": "Termín je váš.",
        "waitlist_decline": "Děkujeme za zprávu. Termín nabídneme někomu jinému.",
        "unsubscribe": "Zprávy tohoto druhu už nebudete dostávat.",
    },
    button="Ano",
    refused="Teď už to nejde. Obraťte se prosím na nás.",
    unusable="Tento odkaz neplatí, nebo už neplatí. Obraťte se prosím na nás.",
    kinds={
        "appointment_booked": Kind(
            "Váš termín {{ appointment.date }}",
            (
                "{% if appointment.status == 'pending' %}\n"
                "vaši rezervaci máme a dáme vědět, až ji potvrdíme:\n"
                "{% else %}\n"
                "zarezervovali jsme vám:\n"
                "{% endif %}\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Pokud nemůžete přijít, zrušte termín zde: {{ "
                "links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: rezervace {{ appointment.day }} v {{ "
                "appointment.time }}, {{ appointment.practitioner }}."
            ),
        ),
        "appointment_moved": Kind(
            "Váš termín je nově {{ appointment.date }}",
            (
                "váš termín se přesunul. Nově:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_cancel %}\n"
                "Pokud nemůžete přijít, zrušte termín zde: {{ "
                "links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: váš termín je nově {{ appointment.day "
                "}} v {{ appointment.time }}."
            ),
        ),
        "appointment_cancelled": Kind(
            "Váš termín {{ appointment.date }} je zrušen",
            (f"ruší se:\n\n{APPOINTMENTS}Rádi vám najdeme jiný čas."),
            (
                "{{ organization.name }}: termín {{ appointment.day }} v {{ "
                "appointment.time }} je zrušen."
            ),
        ),
        "appointment_confirmed": Kind(
            "Váš termín {{ appointment.date }} je potvrzen",
            (f"váš termín je potvrzen:\n\n{APPOINTMENTS}"),
            (
                "{{ organization.name }}: termín {{ appointment.day }} v {{ "
                "appointment.time }} je potvrzen."
            ),
        ),
        "appointment_reminder": Kind(
            "Připomínáme: {{ appointment.date }}, {{ appointment.time }}",
            (
                "těšíme se na vás:\n"
                "\n"
                f"{APPOINTMENTS}"
                "{% if links.appointment_confirm %}\n"
                "Přijdu: {{ links.appointment_confirm }}\n"
                "{% endif %}{% if links.appointment_cancel %}\n"
                "Nemohu přijít: {{ links.appointment_cancel }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }} připomíná: {{ appointment.day }} v {{ "
                "appointment.time }}, {{ appointment.practitioner }}.{% if "
                "links.appointment_cancel %} Zrušit: {{ links.appointment_cancel "
                "}}{% endif %}"
            ),
        ),
        "daily_digest": Kind(
            "{{ day }}, počet termínů: {{ appointments|length }}",
            (
                "váš den, {{ day }}:\n"
                "\n"
                "{% for a in appointments %}\n"
                "{{ a.time }}-{{ a.end }} {{ a.service }}, {{ a.practitioner }}\n"
                "{% endfor %}"
            ),
            (
                "{{ day }}, počet termínů: {{ appointments|length }}, první v {{ "
                "appointment.time }}."
            ),
        ),
        "invoice": Kind(
            (
                "{% if data.kind == 'credit_note' %}Opravný doklad{% else "
                "%}Faktura{% endif %} {{ data.number }}"
            ),
            (
                "v příloze posíláme {% if data.kind == 'credit_note' %}opravný "
                "doklad{% else %}fakturu{% endif %} {{ data.number }} na {{ "
                "data.total }}.\n"
                "{% if data.open_amount and data.due_on %}\n"
                "Uhraďte prosím {{ data.open }} do {{ data.due_on }}{% if "
                "data.account %} na účet {{ data.account }}{% endif %}{% if "
                "data.variable_symbol %}, variabilní symbol {{ "
                "data.variable_symbol }}{% endif %}.\n"
                "{% endif %}"
            ),
            "{{ organization.name }}: faktura {{ data.number }}, {{ data.total }}.",
        ),
        "invoice_reminder": Kind(
            "Upomínka: faktura {{ data.number }}",
            (
                "faktura {{ data.number }} byla splatná {{ data.due_on }}. Zbývá "
                "uhradit {{ data.open }}{% if data.account %} na účet {{ "
                "data.account }}{% endif %}{% if data.variable_symbol %}, "
                "variabilní symbol {{ data.variable_symbol }}{% endif %}.\n"
                "\n"
                "Pokud jste už zaplatili, považujte prosím tuto zprávu za "
                "bezpředmětnou."
            ),
            (
                "{{ organization.name }}: faktura {{ data.number }} je po "
                "splatnosti, zbývá {{ data.open }}."
            ),
        ),
        "waitlist_offer": Kind(
            "Uvolnil se termín: {{ data.starts }}",
            (
                "uvolnil se termín: {{ data.service_name }}, {{ "
                "data.practitioner_name }}, {{ data.starts }}.\n"
                "Držíme vám ho do {{ data.expires }}.\n"
                "{% if links.waitlist_accept %}\n"
                "Beru: {{ links.waitlist_accept }}\n"
                "\n"
                "Nechci: {{ links.waitlist_decline }}\n"
                "{% endif %}"
            ),
            (
                "{{ organization.name }}: volný termín {{ data.starts }}, držíme "
                "do {{ data.expires }}.{% if links.waitlist_accept %} {{ "
                "links.waitlist_accept }}{% endif %}"
            ),
        ),
        "waitlist_offer_expired": Kind(
            "Nabídnutý termín už nedržíme",
            "termín {{ data.starts }} už pro vás nedržíme. Na čekací listině zůstáváte.",
            "{{ organization.name }}: termín {{ data.starts }} už pro vás nedržíme.",
        ),
        "waitlist_unfilled": Kind(
            "Volný termín nikdo nechtěl: {{ data.starts }}",
            (
                "z čekací listiny si nikdo nevzal termín {{ data.starts }}, {{ "
                "data.practitioner_name }}."
            ),
            "Termín {{ data.starts }}, {{ data.practitioner_name }}, si nikdo nevzal.",
        ),
        "staff_message": Kind(
            (
                "{{ data.subject|default('Zpráva: ', true) }}{% if not "
                "data.subject %}{{ organization.name }}{% endif %}"
            ),
            "{{ data.body }}",
            "{{ organization.name }}: {{ data.body }}",
        ),
        "client_report_shared": Kind(
            "Dokument pro vás",
            "máte u nás k přečtení dokument. Najdete ho po přihlášení.",
            "{{ organization.name }}: máte k přečtení dokument, najdete ho po přihlášení.",
        ),
    },
)
