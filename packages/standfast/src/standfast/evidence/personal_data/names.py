"""Which names of fields say that they hold personal data."""

from standfast.evidence.fields.field import Field, Words, words_of

_HARMLESS = frozenset(
    {
        *("template", "verified", "confirmed", "sent", "count", "enabled", "format", "regex", "validator", "bounced"),
        *("subject", "body", "backend", "host", "port", "provider", "required", "optional", "allowed", "type", "types"),
        *("label", "help", "error", "errors", "message", "field", "fields", "wallet", "contract", "mac", "memory"),
        *("length", "pattern", "num", "notifications", "notification", "preferences", "queue", "domain"),
    }
)
_SPECIAL = frozenset(
    {
        *("ethnicity", "ethnicorigin", "race", "religion", "religiousbelief", "politicalopinion", "politicalview"),
        *("tradeunion", "unionmembership", "health", "healthstatus", "diagnosis", "bloodtype", "disability"),
        *("medicalhistory", "medicalrecord", "biometric", "geneticdata", "sexualorientation", "criminalrecord"),
    }
)
_PERSONAL = _SPECIAL | frozenset(
    {
        *("email", "emailaddress", "firstname", "lastname", "fullname", "surname", "givenname", "familyname"),
        *("middlename", "maidenname", "displayname", "username", "nickname", "phone", "phonenumber", "mobile"),
        *("mobilenumber", "telephone", "telephonenumber", "address", "streetaddress", "street", "addressline"),
        *("homeaddress", "billingaddress", "shippingaddress", "postcode", "postalcode", "zipcode", "dateofbirth"),
        *("birthdate", "birthday", "dob", "birthplace", "placeofbirth", "gender", "nationality", "citizenship"),
        *("maritalstatus", "passport", "passportnumber", "nationalid", "nationalidnumber", "ssn", "taxid", "nino"),
        *("socialsecuritynumber", "drivinglicence", "driverlicense", "driverslicense", "iban", "bankaccount"),
        *("bankaccountnumber", "accountholder", "accountholdername", "cardholder", "cardholdername", "holdername"),
        *("customername", "payername", "payeename", "recipientname", "contactname", "salary", "ipaddress", "ipaddr"),
        *("useragent", "latitude", "longitude", "geolocation", "avatar", "photo", "emergencycontact", "signature"),
    }
)
_WORDS = Words(_PERSONAL, _HARMLESS)
_PEOPLE = frozenset(
    {
        *("user", "users", "customer", "customers", "person", "persons", "people", "patient", "patients", "employee"),
        *("employees", "member", "members", "contact", "contacts", "payer", "payers", "payee", "payees", "guest"),
        *("guests", "subscriber", "subscribers", "applicant", "applicants", "profile", "profiles", "staff"),
    }
)


def personal_word_in(field: Field) -> str:
    """Return the word for which *field* looks personal; ``""`` where it does not.

    A bare ``name`` is personal in something that is called after people.
    """
    found = _WORDS.found_in(field.name)
    if found:
        return found
    return "name" if field.name.lower() == "name" and not _PEOPLE.isdisjoint(words_of(field.owner)) else ""


def is_special(word: str) -> bool:
    """Return whether *word* names a special category of personal data (GDPR 9 and 10)."""
    return word in _SPECIAL
