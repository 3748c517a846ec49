Feature: Reading a payment
  The aggregate says where the money is; the state only says whether the customer has answered.

  Source: ePayment API description, `getPayment` and `Aggregate`.

  @official
  Rule: A payment reads the same members in the same order

    Scenario: A new payment
      Given a payment of NOK 345.92
      When the merchant reads the payment
      Then the answer is 200
      And the answer has the members aggregate, amount, state, paymentMethod, profile, pspReference, reference

    Scenario: Metadata comes back as it was sent
      Given a payment of NOK 345.92 with the metadata "ride" "2-7f3a" and "licence" "N-02272"
      When the merchant reads the payment
      Then "metadata.ride" of the answer is "2-7f3a"
      And "metadata.licence" of the answer is "N-02272"

    Scenario: An approved payment says until when its capture is guaranteed
      Given a payment of NOK 345.92 that is approved
      When the merchant reads the payment
      Then the answer says until when a capture is guaranteed

    Scenario: An unknown reference
      When the merchant reads a payment that was never made
      Then the request is refused with 5090 "Reference not found"

    Scenario: The events of an unknown reference
      When the merchant reads the events of a payment that was never made
      Then the request is refused with 5090 "Reference not found"

  Rule: What is captured and cancelled never exceeds what is authorized

    @official
    Scenario Outline: A payment of NOK 500.00 that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant reads the payment
      Then the payment is <state>
      And NOK <authorized> is authorized, NOK <captured> captured, NOK <cancelled> cancelled and NOK <refunded> refunded

      Examples:
        | situation                                 | state      | authorized | captured | cancelled | refunded |
        | is waiting                                | CREATED    | 0.00       | 0.00     | 0.00      | 0.00     |
        | is approved                               | AUTHORIZED | 500.00     | 0.00     | 0.00      | 0.00     |
        | is captured in part                       | AUTHORIZED | 500.00     | 200.00   | 0.00      | 0.00     |
        | is captured in full                       | AUTHORIZED | 500.00     | 500.00   | 0.00      | 0.00     |
        | is captured in part and otherwise released | AUTHORIZED | 500.00     | 200.00   | 300.00    | 0.00     |
        | is released in full                       | AUTHORIZED | 500.00     | 0.00     | 500.00    | 0.00     |
        | is refunded in full                       | AUTHORIZED | 500.00     | 500.00   | 0.00      | 500.00   |
        | was cancelled before approval             | TERMINATED | 0.00       | 0.00     | 500.00    | 0.00     |

    @assumed @mock-only
    Scenario Outline: A payment of NOK 500.00 that <situation>
      Given a payment of NOK 500.00 that <situation>
      When the merchant reads the payment
      Then the payment is <state>
      And NOK 0.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | situation    | state   |
        | was rejected | ABORTED |
        | has expired  | EXPIRED |
