Feature: A taxi ride
  A passenger orders in the taxi app, which is where the phone number comes from. At the end of the
  ride the taxi asks for the money, and the passenger approves on the phone.

  Source: ePayment API guide, reserve and capture; the integration checklists.

  @official
  Rule: A fare that is known is asked for and captured as it is

    Scenario: The passenger approves
      Given a passenger who approves
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid
      And NOK 345.92 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 345.92 |
        | CAPTURED   | NOK 345.92 |

    Scenario Outline: A ride in <market>
      Given a taxi in <market>
      And a passenger who approves
      When the taxi drives a ride of <fare>
      Then the ride is paid
      And the passenger has a receipt of <fare>

      Examples:
        | market  | fare       |
        | Norway  | NOK 345.92 |
        | Denmark | DKK 245.00 |
        | Finland | EUR 28.50  |

  @official
  Rule: A fare that is not known yet is captured out of a hold, and the rest is released

    Scenario: The fare is lower than the hold
      Given a passenger who approves
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the ride is paid
      And the payment is AUTHORIZED
      And NOK 500.00 is authorized, NOK 345.92 captured, NOK 154.08 cancelled and NOK 0.00 refunded
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 345.92 |
        | CANCELLED  | NOK 154.08 |

    Scenario: The fare is the hold
      Given a passenger who approves
      When the taxi drives a ride of NOK 500.00 on a hold of NOK 500.00
      Then the ride is paid
      And NOK 500.00 is authorized, NOK 500.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: The receipt is about the fare, not the hold
      Given a passenger who approves
      When the taxi drives a ride of NOK 345.92 on a hold of NOK 500.00
      Then the passenger has a receipt of NOK 345.92

    Scenario: The fare is higher than the hold
      Given a passenger who approves
      When the taxi drives a ride of NOK 389.50 on a hold of NOK 314.00
      Then the ride is above the hold

  @official @mock-only
  Rule: Nothing is captured that the passenger has not approved

    Scenario Outline: A passenger who <habit>
      Given a passenger who <habit>
      When the taxi drives a ride of NOK 345.92
      Then the ride is <ending>
      And the payment is <state>
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded
      And the passenger has no receipt

      Examples:
        | habit         | ending               | state   |
        | rejects       | declined             | ABORTED |
        | never answers | not answered in time | EXPIRED |

    Scenario: A passenger who approves in the last second
      Given a passenger who approves in the last second
      When the taxi drives a ride of NOK 345.92
      Then the ride is paid

    Scenario: A number that belongs to nobody
      Given a passenger who is unknown
      When the taxi drives a ride of NOK 345.92
      Then the ride is failed
      And there is no payment in the unit

  @official @mock-only
  Rule: A refused ride is asked for under a new name

    Scenario: The passenger declines, then approves
      Given a passenger who rejects
      And the taxi has driven a ride of NOK 345.92
      And a passenger who approves at once
      When the taxi asks for the ride a second time
      Then the ride is paid
      And the first request stays ABORTED

  @official
  Rule: A ride that is driven once more changes nothing

    Scenario: After a crash, when all was done
      Given a passenger who approves
      And the taxi has driven a ride of NOK 345.92 on a hold of NOK 500.00
      When the taxi drives the same ride once more
      Then the ride is paid
      And nothing has happened to the payment
