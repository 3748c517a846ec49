Feature: A ride ordered and reserved in the taxi's app
  The passenger orders in the company's app and approves more than the ride will cost. At the end the
  fare is captured, the rest is let go, and the receipt says what was really paid.

  Source: taxi pages, through the company app; ePayment API guide, reserve and capture, error codes.

  @official
  Rule: The app reserves more than the fare will be, by a link, and without a receipt

    @taxi-12
    Scenario: The passenger orders
      When the taxi's app books a ride on a hold of NOK 500.00
      Then the ride is in state RESERVING
      And the taxi is given a link
      And the request has no receipt, and names the ride
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount     |
        | CREATED | NOK 500.00 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook
      And the passenger has no receipt

    @mock-only @taxi-12
    Scenario: The passenger opens the link and approves
      Given the taxi's app has booked a ride on a hold of NOK 500.00
      And the customer has opened the link
      And the customer has entered the number
      When the customer approves on the page
      Then the customer is sent to "taxiapp://rides/1"
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook
      And the driver reads "Approved: NOK 500.00 reserved"

  @official
  Rule: The fare is captured out of the hold, the rest is let go, and the receipt is the fare's

    @taxi-12
    Scenario: The fare is lower than the hold
      Given the taxi's app has booked a ride on a hold of NOK 500.00
      And the passenger has approved
      And the passenger has boarded
      When the ride ends at NOK 345.92
      Then the ride has been "QUOTED > RESERVING > RESERVED > ON_TRIP > FARE_FINAL > CAPTURING > CAPTURED > RELEASING > RECEIPTED"
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
        | cancel  | -1      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the driver reads "Paid: NOK 345.92"

    @taxi-13
    Scenario: The fare is the hold
      Given the taxi's app has booked a ride on a hold of NOK 314.00
      And the passenger has approved
      And the passenger has boarded
      When the ride ends at NOK 314.00
      Then the ride is in state RECEIPTED
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 314.00 |
        | AUTHORIZED | NOK 314.00 |
        | CAPTURED   | NOK 314.00 |
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | receipt | -1      | 201    |
        | capture | -1      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 314.00

    @taxi-13
    Scenario: There is no rest, and somebody lets it go all the same
      Given the taxi's app has reserved NOK 314.00 for a ride of NOK 314.00
      And the passenger has approved
      And the taxi has captured NOK 314.00
      When the taxi releases the rest
      Then the call is refused because everything is captured already
      And nothing has happened to the payment
      And NOK 314.00 is authorized, NOK 314.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | capture     | 200    |
        | cancel      | 400    |

  @official
  Rule: To come back from the app is no approval

    @taxi-14
    Scenario: The passenger is back, and has not approved
      Given the taxi's app has booked a ride on a hold of NOK 500.00
      When the passenger is back in the taxi's app
      Then the ride has been "QUOTED > RESERVING"
      And the payment is CREATED
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the driver reads "Waiting for the passenger"

    @taxi-14
    Scenario: The passenger is back, and has approved
      Given the taxi's app has booked a ride on a hold of NOK 500.00
      And the passenger has approved
      When the passenger is back in the taxi's app
      Then the ride has been "QUOTED > RESERVING > RESERVED"
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the driver reads "Approved: NOK 500.00 reserved"

    @mock-only @taxi-15
    Scenario: The passenger approves and never comes back
      Given a passenger who approves after 30 seconds
      And the taxi's app has booked a ride on a hold of NOK 500.00
      And the customer has opened the link
      And the customer has entered the number
      When the dispatch waits
      Then the ride has been "QUOTED > RESERVING > RESERVED"
      And the taxi was told by webhook
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
      And the taxi is told of each event by webhook

  @official
  Rule: A receipt of the hold cannot be made good

    @taxi-16
    Scenario: The receipt went along with the hold
      Given the taxi's app has by mistake put a receipt into its request of NOK 500.00 for a ride of NOK 345.92
      And the passenger has approved
      When the taxi settles the ride
      Then the ride is paid
      And the taxi's receipt is another one
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | receipt     | 409    |
        | capture     | 200    |
        | cancel      | 200    |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 500.00

  @official
  Rule: A request that cannot be right is refused, and nothing comes of it

    @taxi-17
    Scenario: The reference is a booking's already
      Given the taxi's app has reserved NOK 500.00 for a ride of NOK 345.92
      When the taxi's app reserves NOK 314.00 under the same reference with a new key
      Then the call is refused because the reference is taken
      And nothing has happened to the payment
      And the taxi is advised to "read the payment that has this reference: take it over if it is this ride's, else use the next attempt number"
      And the taxi is told of each event by webhook

    @taxi-18
    Scenario: The hold is less than anybody may ask for
      When the taxi's app reserves NOK 0.99
      Then the call is refused because it is too little
      And no payment has come of it
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |
      And the driver reads "Paying by phone is not available: take a card"

    @taxi-19
    Scenario: The way back is not safe
      When the taxi's app reserves NOK 500.00 to come back to "http://taxi.example/rides/1"
      Then the call is refused because the way back is not safe
      And no payment has come of it
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |

    @taxi-19
    Scenario Outline: The way back is <what>
      When the taxi's app reserves NOK 500.00 to come back to "<address>"
      Then the call succeeds
      And the taxi is given a link
      And the payment is CREATED

      Examples:
        | what             | address                      |
        | a page           | https://taxi.example/rides/1 |
        | the taxi's app   | taxiapp://rides/1            |

    @taxi-20
    Scenario Outline: The amount is <what>
      When the merchant asks for NOK 314.00 by WEB_REDIRECT with amount.value set to <value>
      Then the request is refused with 4040 "Invalid amount"
      And no payment has come of it

      Examples:
        | what           | value   |
        | in kroner      | 314.00  |
        | a part of one  | 31400.5 |

    @taxi-20
    Scenario: The amount is in text
      When the merchant asks for NOK 314.00 by WEB_REDIRECT with amount.value set to "31400"
      Then the request is refused and names the field "amount.value"
      And no payment has come of it

    @taxi-21
    Scenario: Danish money in Norway
      When the taxi's app reserves DKK 500.00
      Then the call is refused because it is not the currency of the unit
      And no payment has come of it
      And the taxi is advised to "charge in the currency of the sales unit's market"
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |
      And the driver reads "Paying by phone is not available: take a card"

  @official
  Rule: A fare above the hold is not taken out of it

    Scenario: The taxi asks nobody for less than the fare
      Given a passenger who approves
      When the taxi drives a ride of NOK 389.50 on a hold of NOK 314.00
      Then the ride is above the hold
      And the taxi calls nobody
