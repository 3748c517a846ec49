//! Who the simulated customers are: a few people a country, found by the last digits of a phone
//! number. Nobody real: numbers of identity have months or serials that are never given out.

use std::sync::Arc;

use jiff::{
    Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{PhoneNumber, Standing};

/// A customer, as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its phone number.
    pub phone: PhoneNumber,
    /// The first name.
    pub given_name: Arc<str>,
    /// The last name.
    pub family_name: Arc<str>,
    /// The e-mail address.
    pub email: Arc<str>,
    /// The day of birth.
    pub birth_date: Date,
    /// The national identity number.
    pub nin: Arc<str>,
    /// Where it lives. Some have told nobody.
    pub home: Option<Address>,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub line1: Arc<str>,
    /// What else the postman has to know.
    pub line2: Option<Arc<str>>,
    /// The town.
    pub city: Arc<str>,
    /// The postal code, as the country writes it.
    pub post_code: Arc<str>,
    /// The country: two letters (ISO 3166-1).
    pub country: Arc<str>,
}

/// Names, day of birth, number of identity; and street, more of it, postal code and town.
type Entry = (&'static str, &'static str, Date, &'static str, Option<Home>);
type Home = (&'static str, &'static str, &'static str, &'static str);

/// The people of a country, by the beginning of their numbers. The last two digits say which.
const COUNTRIES: [(&str, &str, &[Entry]); 5] = [
    (
        "47",
        "NO",
        &[
            ("Odd", "Solvik", date(1951, 2, 3), "03825100017", None),
            (
                "Ingrid",
                "Bakkenes",
                date(1988, 6, 14),
                "14868800025",
                Some(("Prøvegata 12", "H0302", "0155", "Oslo")),
            ),
            (
                "Lars",
                "Fjellheim",
                date(1979, 11, 30),
                "30917900033",
                Some(("Testveien 3", "", "5003", "Bergen")),
            ),
            (
                "Kari",
                "Nordvik",
                date(1995, 1, 9),
                "09819500041",
                Some(("Sjøgata 7", "", "9008", "Tromsø")),
            ),
            (
                "Even",
                "Myrland",
                date(1966, 8, 21),
                "21886600059",
                Some(("Prøvegata 40", "", "7010", "Trondheim")),
            ),
        ],
    ),
    (
        "45",
        "DK",
        &[
            ("Preben", "Lunde", date(1949, 4, 5), "6504490010", None),
            (
                "Sofie",
                "Kirkeby",
                date(1990, 3, 17),
                "7703900028",
                Some(("Prøvevej 8", "2. tv", "2100", "København Ø")),
            ),
            (
                "Mads",
                "Holmgaard",
                date(1982, 12, 2),
                "6212820036",
                Some(("Testgade 15", "", "8000", "Aarhus C")),
            ),
            (
                "Karen",
                "Engelund",
                date(1973, 7, 28),
                "8807730044",
                Some(("Havnevej 1", "", "9000", "Aalborg")),
            ),
            (
                "Emil",
                "Toftager",
                date(1998, 10, 11),
                "7110980052",
                Some(("Prøvevej 22", "", "5000", "Odense C")),
            ),
        ],
    ),
    (
        "358",
        "FI",
        &[
            ("Tauno", "Koivuranta", date(1950, 9, 19), "190950-901T", None),
            (
                "Aino",
                "Lehtovaara",
                date(1987, 5, 6),
                "060587-902T",
                Some(("Koekatu 4", "A 12", "00100", "Helsinki")),
            ),
            (
                "Eero",
                "Suomela",
                date(1976, 2, 24),
                "240276-903T",
                Some(("Testitie 9", "", "33100", "Tampere")),
            ),
            (
                "Helmi",
                "Rantanurmi",
                date(1993, 12, 13),
                "131293-904T",
                Some(("Satamakatu 2", "", "20100", "Turku")),
            ),
            (
                "Onni",
                "Metsola",
                date(1969, 6, 1),
                "010669-905T",
                Some(("Koekatu 31", "", "90100", "Oulu")),
            ),
        ],
    ),
    (
        "46",
        "SE",
        &[(
            "Astrid",
            "Ekdal",
            date(1984, 8, 8),
            "198468080018",
            Some(("Provgatan 5", "", "111 20", "Stockholm")),
        )],
    ),
    (
        "299",
        "GL",
        &[(
            "Malik",
            "Isbjerg",
            date(1991, 11, 4),
            "6411910012",
            Some(("Prøvevej 1", "", "3900", "Nuuk")),
        )],
    ),
];

impl Person {
    /// Whose phone number this is. `today` matters for whoever is always under age.
    #[must_use]
    pub fn of(phone: &PhoneNumber, standing: Standing, today: Timestamp) -> Self {
        let is_of = |(code, ..): &&(&str, _, _)| phone.as_str().starts_with(code);
        // A number of no country we know is refused long before; it would be taken for Norwegian.
        let (_, country, people) = COUNTRIES.iter().find(is_of).unwrap_or(&COUNTRIES[0]);
        let digits = phone.as_str().bytes().rev().take(2).map(|digit| usize::from(digit - b'0'));
        let number = digits.zip([1, 10]).map(|(digit, weight)| digit * weight).sum::<usize>();
        let (given_name, family_name, birth_date, nin, home) = people[number % people.len()];
        let birth_date = match standing {
            Standing::UnderAge(years) => {
                new_years_day(date_of(today).year() + 1 - i16::from(years))
            }
            Standing::Usual | Standing::Unknown | Standing::Unidentified => birth_date,
        };
        let email = format!("{given_name}.{family_name}@customer.example").to_lowercase();
        Self {
            phone: phone.clone(),
            given_name: given_name.into(),
            family_name: family_name.into(),
            email: email.into(),
            birth_date,
            nin: nin.into(),
            home: home.map(|home| Address::of(home, country)),
        }
    }

    /// How many birthdays it has had.
    #[must_use]
    pub fn age(&self, today: Timestamp) -> u8 {
        let (born, today) = (self.birth_date, date_of(today));
        let had_birthday = (born.month(), born.day()) <= (today.month(), today.day());
        let years = today.year() - born.year() - i16::from(!had_birthday);
        u8::try_from(years.max(0)).unwrap_or(u8::MAX)
    }
}

impl Address {
    fn of((line1, line2, post_code, city): Home, country: &str) -> Self {
        Self {
            line1: line1.into(),
            line2: Some(line2).filter(|it| !it.is_empty()).map(Arc::from),
            city: city.into(),
            post_code: post_code.into(),
            country: country.into(),
        }
    }
}

fn date_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The first of January of a year within what a date can say.
fn new_years_day(year: i16) -> Date {
    Date::new(year, 1, 1).unwrap_or(Date::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Habit;

    fn person(phone: &str, today: &str) -> Person {
        let phone = phone.parse().unwrap();
        let standing = Habit::of(&phone).map_or(Standing::Usual, |it| it.standing);
        Person::of(&phone, standing, today.parse().unwrap())
    }

    #[test]
    fn a_number_belongs_to_the_same_person_of_its_country() {
        let cases = [
            ("4790000001", "Ingrid", Some("NO")),
            ("4790000099", "Even", Some("NO")),
            ("4590000002", "Mads", Some("DK")),
            ("358900000003", "Helmi", Some("FI")),
            ("46700000000", "Astrid", Some("SE")),
            ("299123456", "Malik", Some("GL")),
            ("4790000005", "Odd", None),
        ];
        for (phone, name, country) in cases {
            let person = person(phone, "2030-01-01T12:00:00Z");
            let home = person.home.as_ref().map(|it| &*it.country);
            assert_eq!((&*person.given_name, home), (name, country), "{phone}");
        }
    }

    #[test]
    fn age_counts_birthdays_and_one_customer_never_grows_up() {
        let cases = [
            ("4790000001", "2030-06-13T12:00:00Z", 41),
            ("4790000001", "2030-06-14T12:00:00Z", 42),
            ("4790000011", "2030-01-01T00:00:00Z", 15),
            ("4790000011", "2041-12-31T23:59:59Z", 15),
            ("4590000011", "2030-06-01T00:00:00Z", 15),
        ];
        for (phone, today, age) in cases {
            let person = person(phone, today);
            assert_eq!(person.age(today.parse().unwrap()), age, "{phone} {today}");
        }
    }

    #[test]
    fn no_two_people_share_a_number_of_identity() {
        let all: Vec<_> = COUNTRIES.iter().flat_map(|(_, _, people)| *people).collect();
        let numbers: std::collections::BTreeSet<_> = all.iter().map(|it| it.3).collect();
        assert_eq!(numbers.len(), all.len());
    }
}
