Feature: Creating a payment
  A merchant asks a customer for money. The answer says where the customer goes on, and no more.

  Source: ePayment API description, `createPayment`; ePayment API guide, create.

  @official
  Rule: The answer has the reference, and a link unless the request goes to the customer's phone

    Scenario Outline: The answer to <flow>
      When the merchant asks for NOK 345.92 by <flow>
      Then the answer is 201
      And the answer has the members <members>

      Examples:
        | flow            | members                |
        | PUSH_MESSAGE    | reference              |
        | WEB_REDIRECT    | redirectUrl, reference |
        | NATIVE_REDIRECT | redirectUrl, reference |
        | QR              | redirectUrl, reference |

  Rule: Only money that the sales unit's market uses, and not too little of it

    @official
    Scenario Outline: <case>
      Given a merchant in <market>
      When the merchant asks for <amount>
      Then the request is <answer>

      Examples:
        | case                          | market  | amount        | answer                                          |
        | One krone in Norway           | Norway  | NOK 1.00      | accepted                                        |
        | Less than a krone in Norway   | Norway  | NOK 0.99      | refused with 6010 "Amount too small"            |
        | One oere in Denmark           | Denmark | DKK 0.01      | accepted                                        |
        | One cent in Finland           | Finland | EUR 0.01      | accepted                                        |
        | The most there is             | Norway  | NOK 650000.00 | accepted                                        |
        | Danish money in Norway        | Norway  | DKK 345.92    | refused with 5040 "Invalid currency for merchant" |
        | Norwegian money in Denmark    | Denmark | NOK 345.92    | refused with 5040 "Invalid currency for merchant" |

    @assumed
    Scenario: More than the most there is
      When the merchant asks for NOK 650000.01
      Then the request is refused and names the field "amount.value"
      And no payment has come of it

  @official
  Rule: Each flow needs what it goes by

    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 by <flow> with <field> set to <value>
      Then the request is <answer>

      Examples:
        | case                           | flow         | field     | value                   | answer                                          |
        | A link without a way back      | WEB_REDIRECT | returnUrl | nothing                 | refused with 4140 "Missing required parameter"  |
        | A way back without encryption  | WEB_REDIRECT | returnUrl | "http://taxi.example/a" | refused with 4090 "Invalid URL"                 |
        | A way back into an app         | WEB_REDIRECT | returnUrl | "taxiapp://ride/1"      | accepted                                        |
        | A push to nobody               | PUSH_MESSAGE | customer  | nothing                 | refused with 4140 "Missing required parameter"  |

  @official
  Rule: Nobody learns why a customer cannot be asked

    Scenario: The number belongs to nobody
      Given a customer who is unknown
      When the merchant asks for NOK 345.92
      Then the request is refused with 7010 "Customer not found"
      And no payment has come of it

  @official @mock-only
  Rule: Pushing needs an approval

    Scenario: A sales unit without it
      Given a merchant that may not push
      When the merchant asks for NOK 345.92 by PUSH_MESSAGE
      Then the request is refused with 5080 "PUSH_MESSAGE not allowed"
      And no payment has come of it

  @official
  Rule: A reference is used once

    Scenario: A new request with a taken reference
      Given a payment of NOK 345.92
      When the merchant asks for NOK 100.00 with the same reference and a new key
      Then the request is refused with 4150 "Reference exists"
      And nothing has happened to the payment

    @mock-only
    Scenario: The reference of an expired payment stays taken
      Given a payment of NOK 345.92 that has expired
      When the merchant asks for NOK 345.92 with the same reference and a new key
      Then the request is refused with 4150 "Reference exists"
      And the payment is EXPIRED
