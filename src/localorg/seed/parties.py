"""The accounts, contacts and leads of the demo org."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from localorg.seed.row import Ref, Row, moment


class Company(NamedTuple):
    """An account; revenue in currency units a year."""

    name: str
    industry: str
    city: str
    state: str
    owner: str
    employees: int
    revenue: int


class Person(NamedTuple):
    """A contact, in the account with the key ``account``."""

    account: str
    first: str
    last: str
    title: str
    department: str
    phone: str

    @property
    def email(self) -> str:
        """The address, made of the name and the account."""
        return f"{self.first}.{self.last}@{self.account}.example".lower()


class Prospect(NamedTuple):
    """A lead."""

    first: str
    last: str
    company: str
    status: str
    source: str
    rating: str
    title: str

    @property
    def email(self) -> str:
        """The address, made of the name and the company."""
        return f"{self.first}.{self.last}@{self.company.replace(' ', '')}.example".lower()


COMPANIES = {
    "acme": Company("Acme", "Manufacturing", "New York", "NY", "alice", 4200, 85_000_000),
    "globex": Company("Globex", "Energy", "Chicago", "IL", "alice", 12_000, 940_000_000),
    "initech": Company("Initech", "Technology", "Austin", "TX", "bob", 350, 42_000_000),
    "northwind": Company("Northwind", "Food & Beverage", "Seattle", "WA", "bob", 900, 120_000_000),
    "contoso": Company("Contoso", "Retail", "Boston", "MA", "alice", 2600, 310_000_000),
    "umbrella": Company("Umbrella Health", "Healthcare", "Denver", "CO", "bob", 5100, 660_000_000),
}
CONTACTS = {
    "john_smith": Person("acme", "John", "Smith", "VP Procurement", "Purchasing", "+1 555 0200"),
    "maria_garcia": Person(
        "acme", "Maria", "Garcia", "Operations Lead", "Operations", "+1 555 0201"
    ),
    "li_wei": Person("acme", "Li", "Wei", "IT Director", "IT", "+1 555 0202"),
    "anna_smith": Person(
        "globex", "Anna", "Smith", "Chief Financial Officer", "Finance", "+1 555 0203"
    ),
    "peter_novak": Person("globex", "Peter", "Novak", "Plant Manager", "Operations", "+1 555 0204"),
    "tom_baker": Person(
        "initech", "Tom", "Baker", "Head of Engineering", "Engineering", "+1 555 0205"
    ),
    "nancy_davis": Person(
        "northwind", "Nancy", "Davis", "Director of Supply", "Supply", "+1 555 0206"
    ),
    "kevin_brown": Person(
        "contoso", "Kevin", "Brown", "Store Systems Manager", "IT", "+1 555 0207"
    ),
    "rosa_klein": Person("umbrella", "Rosa", "Klein", "Clinical Systems Lead", "IT", "+1 555 0208"),
}
"""Contacts by key; two of them are called Smith, so that a name alone can be ambiguous."""

LEADS = {
    "jane_doe": Prospect(
        "Jane", "Doe", "Fabrikam", "Open - Not Contacted", "Web", "Hot", "Purchasing Manager"
    ),
    "sam_porter": Prospect(
        "Sam", "Porter", "Tailspin Toys", "Working - Contacted", "Phone Inquiry", "Warm", "Owner"
    ),
    "olga_petrova": Prospect(
        "Olga",
        "Petrova",
        "Litware",
        "Qualified",
        "Partner Referral",
        "Hot",
        "Chief Technology Officer",
    ),
    "miguel_santos": Prospect("Miguel", "Santos", "Proseware", "New", "Web", "Cold", "Analyst"),
    "priya_patel": Prospect(
        "Priya", "Patel", "Wingtip", "Unqualified", "Other", "Cold", "Consultant"
    ),
}


def party_rows(today: dt.date) -> Iterator[Row]:
    """Yield accounts, then the contacts in them, then leads."""
    for number, (key, company) in enumerate(COMPANIES.items()):
        yield _account(today, number, key, company)
    for number, (key, person) in enumerate(CONTACTS.items()):
        yield _contact(today, number, key, person)
    for number, (key, prospect) in enumerate(LEADS.items()):
        yield _lead(today, number, key, prospect)


def _account(today: dt.date, number: int, key: str, company: Company) -> Row:
    return "Account", {
        "Id": Ref(key),
        "Name": company.name,
        "Type": "Prospect" if key == "northwind" else "Customer - Direct",
        "Industry": company.industry,
        "Phone": f"+1 555 0{100 + number}",
        "Website": f"https://www.{key}.example",
        "BillingStreet": f"{100 + number} Main Street",
        "BillingCity": company.city,
        "BillingState": company.state,
        "BillingCountry": "United States",
        "NumberOfEmployees": company.employees,
        "AnnualRevenue": company.revenue,
        "OwnerId": Ref(company.owner),
        "CreatedDate": moment(today, -400 + number),
    }


def _contact(today: dt.date, number: int, key: str, person: Person) -> Row:
    return "Contact", {
        "Id": Ref(key),
        "AccountId": Ref(person.account),
        "FirstName": person.first,
        "LastName": person.last,
        "Name": f"{person.first} {person.last}",
        "Title": person.title,
        "Department": person.department,
        "Email": person.email,
        "Phone": person.phone,
        "OwnerId": Ref(COMPANIES[person.account].owner),
        "CreatedDate": moment(today, -300 + number),
    }


def _lead(today: dt.date, number: int, key: str, prospect: Prospect) -> Row:
    return "Lead", {
        "Id": Ref(key),
        "FirstName": prospect.first,
        "LastName": prospect.last,
        "Name": f"{prospect.first} {prospect.last}",
        "Company": prospect.company,
        "Title": prospect.title,
        "Email": prospect.email,
        "Phone": f"+1 555 0{300 + number}",
        "Status": prospect.status,
        "LeadSource": prospect.source,
        "Rating": prospect.rating,
        "OwnerId": Ref("bob" if number % 2 else "alice"),
        "CreatedDate": moment(today, -20 + number),
    }
