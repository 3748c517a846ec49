Feature: Payments that wait longer
  A merchant may say when a payment expires, if the platform has approved that, and sends a receipt.

  @official
  Rule: A payment expires between ten minutes and sixty days ahead

    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 that expires after <time>
      Then the request is <answer>

      Examples:
        | case                     | time                  | answer                                          |
        | A little too soon        | 9 minutes 59 seconds  | refused with 6120 "Expiration date is too soon" |
        | Ten minutes              | 10 minutes            | refused with 6120 "Expiration date is too soon" |
        | A day                    | 1 day                 | accepted                                        |
        | A little less than sixty | 59 days 23 hours      | accepted                                        |
        | Sixty days               | 60 days 1 second      | refused with 6110 "Expiration date is too late" |

    Scenario: Without a receipt
      When the merchant asks for NOK 345.92 that expires after 1 day, without a receipt
      Then the request is refused with 6130 "Long living payments require a receipt"
      And no payment has come of it

    @mock-only
    Scenario: Without the approval
      Given a merchant that may not choose when payments expire
      When the merchant asks for NOK 345.92 that expires after 1 day
      Then the request is refused with 5050 "Long-living payment not allowed"
      And no payment has come of it

  @official @mock-only
  Rule: It expires then, and not after ten minutes

    Scenario Outline: After <time>
      Given a payment of NOK 345.92 that expires after 2 days
      When <time> pass
      Then the payment is <state>

      Examples:
        | time                        | state   |
        | 11 minutes                  | CREATED |
        | 1 day 23 hours              | CREATED |
        | 2 days                      | EXPIRED |

    Scenario: The customer may take a day
      Given a payment of NOK 345.92 that expires after 2 days
      And 1 day has passed
      When the customer approves
      Then the payment is AUTHORIZED

    Scenario: The deadline of the capture counts from the approval
      Given a payment of NOK 345.92 that expires after 30 days
      And 29 days have passed
      When the customer approves
      Then the payment is AUTHORIZED
      And the AUTHORIZED event is 29 days after the CREATED event
