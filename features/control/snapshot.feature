@assumed @mock-only
Feature: Sales units that travel
  Whoever has run into something saves the sales unit, and somebody else goes on with it from there.

  Source: our own control API.

  Rule: A sales unit comes back as it was saved

    Scenario: What has happened since has not
      Given a payment of NOK 345.92
      And the sales unit has been saved
      And the customer has approved
      When the tester loads what was saved
      Then the payment is CREATED
      And the events are:
        | name    | amount     |
        | CREATED | NOK 345.92 |

    Scenario: A sales unit that was dropped meanwhile
      Given a payment of NOK 345.92
      And the sales unit has been saved
      And the tester has dropped the sales unit
      When the tester loads what was saved
      Then the payment is CREATED
      And the merchant's keys are accepted

    Scenario: Time goes on from where it stood
      Given a payment of NOK 345.92
      And the sales unit has been saved
      And 1 hour has passed
      When the tester loads what was saved
      Then the clock has not moved
      And the clock is frozen

    Scenario: A fault waits on
      Given a payment of NOK 345.92 that is approved
      And the next capture is to fail with 6280
      And the sales unit has been saved
      And the tester has reset the sales unit
      And what was saved has been loaded
      When the merchant captures NOK 345.92
      Then the request is refused with 6280 "Capture failed, please try again later"

  Rule: A key that was used before is remembered

    Scenario: A capture, asked again after the journey
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And the sales unit has been saved
      And the tester has reset the sales unit
      And what was saved has been loaded
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is the same as the first
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  Rule: A webhook that waits is sent at its time

    Scenario: A receiver that fails, before and after the journey
      Given a receiver of CREATED that answers 500
      And a payment of NOK 345.92
      And 10 seconds have passed
      And the sales unit has been saved
      And the tester has reset the sales unit
      And what was saved has been loaded
      When 3 hours pass
      Then the attempts follow each other after:
        | attempts | wait      |
        | 2 to 4   | 2 seconds |
        | 5        | 1 minute  |
        | 6        | 2 minutes |
        | 7 to 8   | 1 hour    |

  Rule: What cannot be loaded changes nothing

    Scenario Outline: <case>
      Given a payment of NOK 345.92
      And the sales unit has been saved
      And the customer has approved
      When the tester loads what was saved, its "<member>" being <value>
      Then the control API refuses with 400
      And the answer is 400 and says "<reason>"
      And nothing has happened to the payment

      Examples:
        | case                      | member | value                     | reason                                  |
        | Something else            | format | "a picture"               | no snapshot of a sales unit             |
        | A form of another time    | format | "vipps-mock/sales-unit/9" | its format is vipps-mock/sales-unit/9   |
        | Half of it                | unit   | {}                        | it is damaged                           |

    Scenario: Another amount
      Given a payment of NOK 345.92
      And the sales unit has been saved
      When the tester loads what was saved, with "1000" in place of "34592"
      Then the control API refuses with 400
      And the answer is 400 and says "it is damaged"
      And nothing has happened to the payment

    Scenario: Under another number
      Given a payment of NOK 345.92
      And the sales unit has been saved
      When the tester loads what was saved into another merchant's sales unit
      Then the control API refuses with 400
      And the answer is 400 and says "the snapshot is of sales unit"
      And nothing has happened to the payment
