Feature: Long-living payments
  A payment may wait for its customer until a time of its own, if the sales unit is approved for that
  and the customer can see a receipt.

  Source: ePayment API guide, long-living payments.

  @official
  Rule: It needs a receipt and a time within reach

    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 to expire in <time> with <receipt>
      Then the request is <answer>

      Examples:
        | case                    | time       | receipt      | answer                                                      |
        | A day                   | 1 day      | a receipt    | accepted                                                    |
        | A little over the least | 11 minutes | a receipt    | accepted                                                    |
        | The least               | 10 minutes | a receipt    | refused with 6120 "Expiration date is too soon"             |
        | Nearly the most         | 59 days    | a receipt    | accepted                                                    |
        | The most                | 61 days    | a receipt    | refused with 6110 "Expiration date is too late"             |
        | Without a receipt       | 1 day      | no receipt   | refused with 6130 "Long living payments require a receipt"  |

  @official @mock-only
  Rule: It needs an approval

    Scenario: A sales unit without it
      Given a merchant that may not choose when payments expire
      When the merchant asks for NOK 345.92 to expire in 1 day with a receipt
      Then the request is refused with 5050 "Long-living payment not allowed"
      And no payment has come of it

  @official @mock-only
  Rule: It waits until its own time, and then expires

    Scenario: Long after the ten minutes
      Given a payment of NOK 345.92 that expires in 1 day
      When 23 hours pass
      Then the payment is CREATED

    Scenario: At its time
      Given a payment of NOK 345.92 that expires in 1 day
      When 24 hours pass
      Then the payment is EXPIRED

    Scenario: It can still be approved the next day
      Given a payment of NOK 345.92 that expires in 2 days
      And 1 day has passed
      When the customer approves
      Then the payment is AUTHORIZED
