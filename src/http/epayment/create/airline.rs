//! `industryData`: what an airline tells the card companies.

use std::sync::Arc;

use crate::{
    domain::payment::Airline,
    http::schema::{Check, Node},
};

/// Looks for the airline's data, which is all there can be.
pub(super) fn industry_data(check: &mut Check, node: &Node<'_>) -> Option<Airline> {
    check.members(node, "IndustryData", &["airlineData"])?;
    airline(check, &node.member("airlineData")?)
}

/// All of it is there, or none but for the ticket.
fn airline(check: &mut Check, node: &Node<'_>) -> Option<Airline> {
    const MEMBERS: [&str; 5] = [
        "agencyInvoiceNumber",
        "airlineCode",
        "airlineDesignatorCode",
        "passengerName",
        "ticketNumber",
    ];
    check.members(node, "AirlineData", &MEMBERS)?;
    let mut required = |name, min, max| {
        let member = check.required(node, name);
        member.and_then(|it| check.text(it, min, max)).map(Arc::<str>::from)
    };
    let agency_invoice_number = required("agencyInvoiceNumber", 1, 6);
    let airline_code = required("airlineCode", 3, 3);
    let airline_designator_code = required("airlineDesignatorCode", 2, 2);
    let passenger_name = required("passengerName", 1, 49);
    let ticket_number = node.member("ticketNumber").and_then(|it| check.text(it, 1, 150));
    Some(Airline {
        agency_invoice_number: agency_invoice_number?,
        airline_code: airline_code?,
        airline_designator_code: airline_designator_code?,
        passenger_name: passenger_name?,
        ticket_number: ticket_number.map(Arc::from),
    })
}
