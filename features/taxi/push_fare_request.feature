Feature: Asking a phone for the fare
  The ride is over, and the meter says what it costs. The taxi asks the passenger's phone, whose
  number comes from the order or is typed by the driver.

  Source: taxi pages, through the taximeter; ePayment API guide, push messages and error codes.

  @official
  Rule: A fare that is known is asked for, approved, and captured as it is

    @taxi-1
    Scenario: The taximeter asks, and the receipt goes along
      When the taxi asks for NOK 345.92 with its receipt
      Then the call succeeds
      And the taxi is given the reference and no link
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the payment is CREATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the driver reads "Waiting for the passenger"

    @taxi-1
    Scenario: The passenger approves
      Given the taxi has asked for NOK 345.92 with its receipt
      When the passenger approves
      Then the payment is AUTHORIZED
      And NOK 345.92 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the driver reads "Approved: NOK 345.92 reserved"

    @taxi-1
    Scenario: The taxi captures
      Given the taxi has asked for NOK 345.92 with its receipt
      And the passenger has approved
      When the taxi captures NOK 345.92
      Then the taxi sees NOK 345.92 captured
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | capture     | 200    |
      And the payment is AUTHORIZED
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
      And the driver reads "Paid: NOK 345.92"

    @taxi-1
    Scenario Outline: A whole ride in <market>
      Given a taxi in <market>
      And a passenger who approves
      When the taxi drives a ride of <fare>
      Then the ride is paid
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | receipt     | 201    |
        | capture     | 200    |
      And the payment is AUTHORIZED
      And <fare> is authorized, <fare> captured, <nothing> cancelled and <nothing> refunded
      And the events are:
        | name       | amount |
        | CREATED    | <fare> |
        | AUTHORIZED | <fare> |
        | CAPTURED   | <fare> |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of <fare>

      Examples:
        | market  | fare       | nothing  |
        | Norway  | NOK 345.92 | NOK 0.00 |
        | Denmark | DKK 245.00 | DKK 0.00 |
        | Finland | EUR 28.50  | EUR 0.00 |

    @mock-only @taxi-11
    Scenario: Somebody elsewhere pays for the passenger
      Given somebody elsewhere who approves after 30 seconds
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the request goes to the passenger's number
      And the payment keeps the name of the ride
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
        | receipt     | 201    |
        | capture     | 200    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

  Rule: A number is sent as digits with its country, however it is typed

    @official @taxi-2
    Scenario Outline: It is typed <how>
      When the driver types the number <how> and asks for NOK 345.92
      Then the call succeeds
      And the request goes to the passenger's number
      And the payment is CREATED

      Examples:
        | how                         |
        | as digits                   |
        | with spaces and a plus sign |
        | with zeros before it        |
        | with dashes                 |

    @assumed @taxi-2
    Scenario Outline: It is typed <how>
      When the driver types the number <how> and asks for NOK 345.92
      Then the taxi calls nobody
      And the driver reads "Check the phone number with the passenger"

      Examples:
        | how                 |
        | without its country |
        | with a letter       |

    @official @taxi-2
    Scenario Outline: It is sent as it was typed, <how>
      When the merchant asks for NOK 345.92 with customer.phoneNumber set to <typed>
      Then the request is refused and names the field "customer.phoneNumber"
      And no payment has come of it

      Examples:
        | how                         | typed              |
        | with spaces and a plus sign | "+47 900 00 099"   |
        | with zeros before it        | "0047 900 00 099"  |
        | without its country         | "90000099"         |

  @official
  Rule: Nobody in the car learns why a passenger cannot be asked

    @taxi-3
    Scenario: The number belongs to nobody
      Given a passenger who is unknown
      When the taxi asks for NOK 345.92
      Then the call is refused because the passenger cannot be asked
      And no payment has come of it
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |
      And the driver reads "The passenger could not be reached: show the QR code"

    @mock-only @taxi-3
    Scenario: The driver shows a code instead
      Given a passenger who is unknown
      And the dispatch has asked for NOK 345.92
      When the passenger is shown a code instead
      Then the ride is in state RESERVING
      And the request is a code for whoever scans it
      And the taxi is given a link
      And the payment is CREATED
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 400    |
        | create | -2      | 201    |
      And the driver reads "Waiting for the passenger"

    @mock-only @taxi-3
    Scenario: Somebody in the car scans it
      Given a passenger who is unknown
      And the dispatch has asked for NOK 345.92
      And the passenger was shown a code instead
      And a passenger who waits for the tester
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 400    |
        | create  | -2      | 201    |
        | receipt | -2      | 201    |
        | capture | -2      | 200    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92

    @mock-only @taxi-4
    Scenario: The passenger is too young
      Given a passenger who is under age
      When the taxi asks for NOK 345.92, of whoever is 18 years old
      Then the call is refused because the passenger cannot be asked
      And no payment has come of it
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |
      And the driver reads "The passenger could not be reached: show the QR code"

  @official @mock-only
  Rule: A taxi that may not push shows a code, and asks for no push again

    @taxi-5
    Scenario: The first ride finds out
      Given a taxi that may not push
      When the dispatch asks for NOK 345.92
      Then the ride is in state RESERVING
      And the request is a code for whoever scans it
      And the taxi is given a link
      And the payment is CREATED
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 400    |
        | create | -2      | 201    |
      And the dispatch keeps the trace id of the failure with 5080
      And the taxi is told of each event by webhook
      And the driver reads "Waiting for the passenger"

    @taxi-5
    Scenario: The code is scanned, and the ride is paid
      Given a taxi that may not push
      And the dispatch has asked for NOK 345.92
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 400    |
        | create  | -2      | 201    |
        | receipt | -2      | 201    |
        | capture | -2      | 200    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
      And the driver reads "Paid: NOK 345.92"

    @taxi-5
    Scenario: The next ride goes straight to the code
      Given a taxi that may not push
      And the dispatch has asked for NOK 345.92
      When the dispatch asks for NOK 128.00
      Then the ride is in state RESERVING
      And the request is a code for whoever scans it
      And the payment is CREATED
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 400    |
        | new payment | 201    |
        | new payment | 201    |

  @official @mock-only
  Rule: A request waits in the app until it is answered

    @taxi-6
    Scenario: The push goes unnoticed, and the app is opened after eight minutes
      Given the taxi has asked for NOK 345.92
      And 8 minutes have passed
      When the passenger approves
      Then the payment is AUTHORIZED
      And NOK 345.92 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
      And the AUTHORIZED event is 8 minutes after the CREATED event
      And the taxi's calls, beside looking, are:
        | call        | answer |
        | new payment | 201    |
      And the taxi is told of each event by webhook

  Rule: A push goes to one number

    @official @taxi-7
    Scenario: There is no number
      When the merchant asks for NOK 345.92 by PUSH_MESSAGE with customer set to nothing
      Then the request is refused with 4140 "Missing required parameter"
      And no payment has come of it

    @assumed @taxi-7
    Scenario: The taxi sends no push to nobody
      When the taxi asks nobody for NOK 345.92
      Then the taxi refuses to send it
      And the taxi calls nobody
      And no payment has come of it
      And the taxi is advised to "ask the passenger for a phone number, or show a QR code"

    @official @taxi-8
    Scenario Outline: There is a number, and <what>
      When the merchant asks for NOK 345.92 with customer set to <value>
      Then the request is refused and names the field "customer"
      And no payment has come of it

      Examples:
        | what                     | value                                                                                         |
        | the code of the customer | {"phoneNumber": "4790000099", "personalQr": "https://qr.vipps.no/28/2/01/031/4790000099?v=1"} |
        | the token of a check-in  | {"phoneNumber": "4790000099", "customerToken": "Y2hlY2staW4="}                                |

  Rule: The passenger of a taxi is present

    @assumed @taxi-9
    Scenario: The taxi refuses to leave it unsaid
      When the taxi asks for NOK 345.92 without saying that the passenger is present
      Then the taxi refuses to send it
      And the taxi calls nobody
      And no payment has come of it
      And the taxi is advised to "send CUSTOMER_PRESENT: the rules of payments in person ask for it"

    @official @taxi-9
    Scenario: The API takes a request that leaves it unsaid
      When the merchant asks for NOK 345.92 with customerInteraction set to nothing
      Then the answer is 201
      And the payment is CREATED

    @assumed @mock-only @taxi-9
    Scenario: What was left unsaid is seen in a review
      Given a payment of NOK 345.92 with these members:
        | customerInteraction | nothing |
      When the tester looks at the payment
      Then "customerInteraction" of the payment is "CUSTOMER_NOT_PRESENT"

  @assumed @mock-only
  Rule: A request that went to the wrong phone is withdrawn, and the right one is asked anew

    @taxi-10
    Scenario: A stranger has not answered
      Given the taxi has asked for NOK 345.92
      When the taxi withdraws the request
      Then the call succeeds
      And the payment is TERMINATED
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 345.92 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | TERMINATED | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the driver reads "Withdrawn: ask again when you like"

    @taxi-10
    Scenario: The driver types the right number
      Given a passenger who never answers
      And the dispatch has asked for NOK 345.92
      When the driver types the right number
      Then the ride is in state RESERVING
      And the request goes to the passenger's number
      And the taxi has made these calls and no others:
        | call   | payment | answer |
        | create | -1      | 201    |
        | cancel | -1      | 200    |
        | create | -2      | 201    |
      And the payment is CREATED
      And the first request stays TERMINATED
      And the taxi is told of each event by webhook

    @taxi-10
    Scenario: The passenger pays under the next name
      Given a passenger who never answers
      And the dispatch has asked for NOK 345.92
      And the driver has typed the right number
      When the passenger approves what was asked last
      Then the ride is in state RECEIPTED
      And the first request stays TERMINATED
      And the taxi has made these calls and no others:
        | call    | payment | answer |
        | create  | -1      | 201    |
        | cancel  | -1      | 200    |
        | create  | -2      | 201    |
        | receipt | -2      | 201    |
        | capture | -2      | 200    |
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook
      And the passenger has a receipt of NOK 345.92
