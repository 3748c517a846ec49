Feature: Calls that are made again
  Answers get lost and servers fail. A taxi makes the same call again under the same key, and in the
  end believes what the payment says.

  Source: ePayment API guide, idempotency, error codes and rate limits; the integration checklists.

  @official
  Rule: What was done is not done twice

    @taxi-109
    Scenario: The answer to the request gets lost
      Given a passenger who approves
      And the first answer to the taxi's new payment gets lost
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And the taxi's new payment is answered with nothing, 201
      And the taxi's new payment is given the same answer each time
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook

    @taxi-110
    Scenario: The answer to the capture gets lost
      Given a passenger who approves
      And the first answer to the taxi's capture gets lost
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And the taxi's capture is answered with nothing, 200
      And the taxi's capture is given the same answer each time
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook

    @taxi-110
    Scenario: The taxi captures under one key twice
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 200.00 under the same key
      Then the taxi sees NOK 200.00 captured
      And the taxi's capture is answered with 200, 200
      And the taxi's capture is given the same answer each time
      And nothing has happened to the payment

  Rule: One key is one call

    @official @taxi-111
    Scenario: Another capture
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the taxi has captured NOK 200.00
      When the taxi captures NOK 345.92 under the same key
      Then the call is refused because the key was used for another capture
      And the taxi is advised to "one key was used for two different calls: compare with the payment, raise an alarm, never guess a new key"
      And nothing has happened to the payment

    @assumed @taxi-111
    Scenario: Another request
      Given the taxi has asked for NOK 500.00
      When the taxi asks for NOK 345.92 under the same key
      Then the call is refused because the key was used for another request
      And the taxi is advised to "one key was used for two different calls: compare with the payment, raise an alarm, never guess a new key"
      And nothing has happened to the payment

    @official @taxi-112
    Scenario: A refusal stays one when its cause is gone
      Given the taxi has asked for NOK 500.00
      And the taxi has been refused a capture of NOK 345.92
      And the passenger has approved
      When the taxi captures NOK 345.92 under the same key
      Then the call is refused because the passenger has not approved
      And the taxi's capture is answered with 400, 400
      And nothing has happened to the payment

    @official @taxi-23 @taxi-112
    Scenario: The next part has a key of its own
      Given the taxi has asked for NOK 500.00
      And the taxi has been refused a capture of NOK 345.92
      And the passenger has approved
      When the taxi captures NOK 345.92 as a second part
      Then the taxi sees NOK 345.92 captured
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook

  @assumed
  Rule: A key has at most fifty letters, and whatever takes money has one

    @taxi-113
    Scenario: The taxi makes no longer key
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      When the taxi captures NOK 345.92 under a key of 51 letters
      Then the taxi refuses to send it
      And the taxi sends no capture
      And nothing has happened to the payment

    @taxi-113 @taxi-114
    Scenario Outline: A capture with <key>
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      When the merchant captures NOK 345.92 with <key>
      Then the request is refused and names the field "Idempotency-Key"
      And nothing has happened to the payment

      Examples:
        | key                 |
        | a key of 51 letters |
        | no key              |

    @taxi-114
    Scenario: A release without a key
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      When the merchant cancels the payment with no key
      Then the answer is 200
      And NOK 345.92 is authorized, NOK 0.00 captured, NOK 345.92 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CANCELLED  | NOK 345.92 |
      And the taxi is told of each event by webhook

  @assumed
  Rule: A payment has a name that the API can read

    @taxi-119
    Scenario Outline: A request with <case>
      When the merchant asks for NOK 345.92 with reference set to <reference>
      Then the request is refused and names the field "reference"
      And no payment has come of it

      Examples:
        | case                          | reference     |
        | no reference                  | nothing       |
        | a name that is too short      | "ride-1"      |
        | a sign that no name may have  | "ride_0001_x" |

    @taxi-119
    Scenario: A request whose reference is misspelt
      When the merchant asks for NOK 345.92 with these members:
        | reference | nothing       |
        | refrence  | "ride-0001-1" |
      Then the request is refused and names the field "reference"
      And no payment has come of it

  @official @mock-only
  Rule: A token is renewed once when it is refused

    @taxi-115
    Scenario: It has run out, and the taxi's clock is wrong
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      And 2 hours have passed that the taxi knows nothing of
      When the taxi captures NOK 345.92
      Then the taxi sees NOK 345.92 captured
      And the taxi's capture is answered with 401, 200
      And the taxi fetches 2 tokens
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |
      And the taxi is told of each event by webhook

    @taxi-115
    Scenario: It is about to run out
      Given the taxi has asked for NOK 345.92
      And the passenger has approved
      And 59 minutes 1 second have passed
      When the taxi captures NOK 345.92
      Then the taxi's capture is answered with 200
      And the taxi fetches 2 tokens

  @assumed @mock-only
  Rule: When the platform fails, the payment tells what has happened

    @taxi-116
    Scenario: Every capture fails, and none was made
      Given the taxi has asked for NOK 345.92 on a hold of NOK 500.00
      And the passenger has approved
      And every capture is to fail with 3010
      When the taxi settles the ride
      Then the ride is failed
      And the taxi's capture is answered with 500, 500, 500, 500, 500
      And 15 seconds have passed on the clock
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
      And the taxi is told of each event by webhook

    @taxi-116
    Scenario: The capture was made, and its answers get lost in the storm
      Given the taxi has asked for NOK 345.92 on a hold of NOK 500.00
      And the passenger has approved
      And every capture is to be carried out, and answered with 3010
      When the taxi settles the ride
      Then the ride is paid
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook

    @taxi-116
    Scenario: The same ride is taken up when the storm is over
      Given a passenger who approves at once
      And the next 5 captures are to fail with 3010
      And the taxi has driven a ride of NOK 345.92 on a hold of NOK 500.00
      And 1 minute has passed
      When the taxi drives the same ride once more
      Then the ride is paid
      And the taxi's capture is answered with 500, 500, 500, 500, 500, 200
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |
      And the taxi is told of each event by webhook

  @official @mock-only
  Rule: A payment that is called about too often is left alone for as long as the answer says

    @taxi-117
    Scenario: The sixth capture within a minute
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the merchant has captured NOK 1.00 5 times within the minute
      And 20 seconds have passed
      When the taxi captures NOK 340.92
      Then the taxi sees NOK 345.92 captured
      And the taxi's capture is answered with 429, 200
      And 1 minute has passed on the clock
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @taxi-117
    Scenario: Another payment in the same minute
      Given the taxi has asked for NOK 500.00
      And the passenger has approved
      And the merchant has captured NOK 1.00 5 times within the minute
      And the taxi has asked for NOK 300.00
      And the passenger has approved
      When the taxi captures NOK 300.00
      Then the taxi's capture is answered with 200
      And 0 seconds have passed on the clock
      And NOK 300.00 is authorized, NOK 300.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    @taxi-118
    Scenario: Somebody has looked too often
      Given the taxi has asked for NOK 345.92
      And the merchant has read the payment 120 times within the minute
      When the taxi looks at the payment
      Then the call succeeds
      And the taxi's look is answered with 429, 200
      And 1 minute has passed on the clock

  @official
  Rule: A ride that is driven once more changes nothing

    Scenario: After a crash, when all was done
      Given a passenger who approves
      And the taxi has driven a ride of NOK 345.92 on a hold of NOK 500.00
      When the taxi drives the same ride once more
      Then the ride is paid
      And nothing has happened to the payment
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the taxi is told of each event by webhook
