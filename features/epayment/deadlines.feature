@mock-only
Feature: How long a reservation lasts
  Capture and cancel end with the deadline of the market; the rest goes back to the customer by itself.

  Source: ePayment API guide, reserve and capture.

  @official
  Rule: Captures and cancels end with the deadline

    Scenario Outline: A <operation> in <market> after <time>
      Given a merchant in <market>
      And a payment of <amount> that is approved
      And <time> have passed
      When the merchant comes with a <operation>
      Then the request is <answer>

      Examples:
        | operation | market  | amount     | time                        | answer                                     |
        | capture   | Norway  | NOK 500.00 | 179 days 23 hours           | accepted                                   |
        | capture   | Norway  | NOK 500.00 | 180 days                    | refused with 6100 "Capture period expired" |
        | cancel    | Norway  | NOK 500.00 | 179 days 23 hours           | accepted                                   |
        | cancel    | Norway  | NOK 500.00 | 180 days                    | refused with 6030 "Cancel period expired"  |
        | capture   | Denmark | DKK 500.00 | 13 days 23 hours            | accepted                                   |
        | capture   | Denmark | DKK 500.00 | 14 days                     | refused with 6100 "Capture period expired" |
        | cancel    | Denmark | DKK 500.00 | 13 days 23 hours            | accepted                                   |
        | cancel    | Denmark | DKK 500.00 | 14 days                     | refused with 6030 "Cancel period expired"  |
        | capture   | Finland | EUR 500.00 | 13 days 23 hours            | accepted                                   |
        | capture   | Finland | EUR 500.00 | 14 days                     | refused with 6100 "Capture period expired" |
        | cancel    | Finland | EUR 500.00 | 14 days                     | refused with 6030 "Cancel period expired"  |

    Scenario Outline: A merchant in <market> that may capture late, after <time>
      Given a merchant in <market> that may capture late
      And a payment of <amount> that is approved
      And <time> have passed
      When the merchant comes with a capture
      Then the request is <answer>

      Examples:
        | market  | amount     | time     | answer                                     |
        | Denmark | DKK 500.00 | 15 days  | accepted                                   |
        | Denmark | DKK 500.00 | 179 days | accepted                                   |
        | Denmark | DKK 500.00 | 180 days | refused with 6100 "Capture period expired" |
        | Finland | EUR 500.00 | 179 days | accepted                                   |
        | Finland | EUR 500.00 | 180 days | refused with 6100 "Capture period expired" |

    Scenario: The deadline counts from the approval
      Given a merchant in Denmark
      And a customer who approves in the last second
      And a payment of DKK 500.00
      And 14 days 9 minutes have passed
      When the merchant comes with a capture
      Then the request is accepted

    Scenario: A cancel of the request only, after the deadline
      Given a payment of NOK 500.00 that is captured in part
      And 181 days have passed
      When the merchant cancels only what is not approved
      Then the request is refused with 6030 "Cancel period expired"

  @assumed
  Rule: At the deadline the rest is released by itself

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that <situation>
      When 180 days pass
      Then the payment is <state>
      And NOK <authorized> is authorized, NOK <captured> captured, NOK <cancelled> cancelled and NOK <refunded> refunded

      Examples:
        | case                         | situation                                  | state      | authorized | captured | cancelled | refunded |
        | Nothing was captured         | is approved                                | AUTHORIZED | 500.00     | 0.00     | 500.00    | 0.00     |
        | A part was captured          | is captured in part                        | AUTHORIZED | 500.00     | 200.00   | 300.00    | 0.00     |
        | Everything was captured      | is captured in full                        | AUTHORIZED | 500.00     | 500.00   | 0.00      | 0.00     |
        | The rest was released before | is captured in part and otherwise released | AUTHORIZED | 500.00     | 200.00   | 300.00    | 0.00     |
        | Nobody had approved          | was cancelled before approval              | TERMINATED | 0.00       | 0.00     | 500.00    | 0.00     |

    Scenario: The log has the release, without a key
      Given a payment of NOK 500.00 that is captured in part
      When 180 days pass
      Then the CANCELLED event has no key
      And the CANCELLED event is 180 days after the AUTHORIZED event
      And the events are:
        | name       | amount     |
        | CREATED    | NOK 500.00 |
        | AUTHORIZED | NOK 500.00 |
        | CAPTURED   | NOK 200.00 |
        | CANCELLED  | NOK 300.00 |

    Scenario: What was captured can still be refunded
      Given a payment of NOK 500.00 that is captured in part
      And 181 days have passed
      When the merchant refunds NOK 200.00
      Then the request is accepted

  @official
  Rule: A refund is possible for 365 days

    Scenario Outline: After <time>
      Given a payment of NOK 500.00 that is captured in full
      And <time> have passed
      When the merchant refunds NOK 100.00
      Then the request is <answer>

      Examples:
        | time              | answer                                    |
        | 364 days 23 hours | accepted                                  |
        | 365 days          | refused with 6220 "Refund period expired" |

  @assumed
  Rule: A capture is guaranteed for seven days, and never beyond the deadline

    Scenario Outline: In <market>
      Given a merchant in <market>
      And a payment of <amount> that is approved
      When the merchant reads the payment
      Then the capture is guaranteed for 7 days

      Examples:
        | market  | amount     |
        | Norway  | NOK 500.00 |
        | Denmark | DKK 500.00 |
        | Finland | EUR 500.00 |

    Scenario: A capture after the guarantee and before the deadline still succeeds
      Given a payment of NOK 500.00 that is approved
      And 8 days have passed
      When the merchant captures NOK 500.00
      Then the request is accepted
