Feature: Bad input
  A request that does not fit the schema is refused by naming the field; nothing comes of it.

  Source: ePayment API description, `createPayment`; ePayment API guide, error codes.

  Rule: The answer names the field and carries no code

    @official
    Scenario Outline: <case> and the pattern or limit it broke
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused and names the field "<field>" because "<reason>"
      And no payment has come of it

      Examples:
        | case                       | field              | value       | reason                                                                                                 |
        | A reference too short      | reference          | "ride-1"    | The field Reference must match the regular expression '^[a-zA-Z0-9-]{8,64}$'.                          |
        | A reference with a space   | reference          | "ride 0001" | The field Reference must match the regular expression '^[a-zA-Z0-9-]{8,64}$'.                          |
        | A description too short    | paymentDescription | "ab"        | The field PaymentDescription must be a string with a minimum length of 3 and a maximum length of 100. |

    @assumed
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused and names the field "<field>"
      And no payment has come of it

      Examples:
        | case                        | field                | value           |
        | No reference                | reference            | nothing         |
        | A reference with underscore | reference            | "ride_0001_x"   |
        | No amount                   | amount               | nothing         |
        | No value                    | amount.value         | nothing         |
        | No currency                 | amount.currency      | nothing         |
        | An amount as text           | amount.value         | "34592"         |
        | A negative amount           | amount.value         | -1              |
        | A currency that is none     | amount.currency      | "KRONER"        |
        | No payment method           | paymentMethod        | nothing         |
        | A method that is none       | paymentMethod.type   | "CASH"          |
        | No flow                     | userFlow             | nothing         |
        | A flow that is none         | userFlow             | "PIGEON"        |
        | A phone number with a plus  | customer.phoneNumber | "+4791234567"   |
        | A phone number with spaces  | customer.phoneNumber | "47 91 23 45 67" |
        | A presence that is none     | customerInteraction  | "MAYBE"         |

    @official
    Scenario: Several fields at once
      When the merchant asks for NOK 345.92 with these members:
        | reference          | "ride-1" |
        | paymentDescription | "ab"     |
      Then the request is refused and names the fields "reference, paymentDescription"

  Rule: What fits the schema and makes no sense has a code

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 with <field> set to <value>
      Then the request is refused with <code> "<title>"
      And no payment has come of it

      Examples:
        | case                           | field                | value        | code | title                |
        | Fractions of a minor unit      | amount.value         | 34592.5      | 4040 | Invalid amount       |
        | A number from nowhere we serve | customer.phoneNumber | "9991234567" | 4070 | Invalid phone number |
        | A scope that is none           | profile.scope        | "name shoes" | 4080 | Invalid scope        |
        | A method without its details   | paymentMethod.type   | "CARD_PASSTHROUGH" | 4160 | Invalid payment method type |

    @official
    Scenario Outline: Metadata with <case>
      When the merchant asks for NOK 345.92 with metadata of <case>
      Then the request is refused with <code> "<title>"
      And no payment has come of it

      Examples:
        | case                  | code | title                               |
        | 6 pairs               | 4100 | Metadata capacity exceeded          |
        | a key twice           | 4110 | Metadata duplicate keys not allowed |
        | a key of 101 letters  | 4120 | Metadata key length exceeded        |
        | a value of 501 letters | 4130 | Metadata value length exceeded      |

  @official
  Rule: What is no JSON is refused in the same shape

    Scenario Outline: <case>
      When the merchant sends this as a new payment: <body>
      Then the request is refused with 400 as a problem

      Examples:
        | case                   | body                                |
        | A body that breaks off | {"amount":{"currency":"NOK","value" |
        | A list                 | []                                  |
        | Text                   | NOK 345.92                          |

  @assumed
  Rule: The key of a request that moves money is there and not too long

    Scenario Outline: A new payment with <case>
      When the merchant asks for NOK 345.92 with <case>
      Then the request is refused and names the field "Idempotency-Key"
      And no payment has come of it

      Examples:
        | case                 |
        | no key               |
        | a key of 51 letters  |

    Scenario: A capture without a key
      Given a payment of NOK 345.92 that is approved
      When the merchant captures NOK 345.92 with no key
      Then the request is refused and names the field "Idempotency-Key"
      And nothing has happened to the payment

    Scenario: A capture with a key of 51 letters
      Given a payment of NOK 345.92 that is approved
      When the merchant captures NOK 345.92 with a key of 51 letters
      Then the request is refused and names the field "Idempotency-Key"
      And nothing has happened to the payment

    Scenario: A cancel needs no key
      Given a payment of NOK 345.92 that is approved
      When the merchant cancels the payment with no key
      Then the request is accepted

  @assumed
  Rule: A capture names how much

    Scenario Outline: A capture with <case>
      Given a payment of NOK 345.92 that is approved
      When the merchant captures with <field> set to <value>
      Then the request is refused and names the field "<field>"
      And nothing has happened to the payment

      Examples:
        | case                 | field                       | value   |
        | no amount            | modificationAmount          | nothing |
        | no value             | modificationAmount.value    | nothing |
        | an amount as text    | modificationAmount.value    | "34592" |
        | no currency          | modificationAmount.currency | nothing |

    Scenario Outline: A capture of <case>
      Given a payment of NOK 345.92 that is approved
      When the merchant captures with <field> set to <value>
      Then the request is refused with <code>
      And nothing has happened to the payment

      Examples:
        | case                      | field                       | value   | code |
        | fractions of a minor unit | modificationAmount.value    | 34592.5 | 4040 |
        | nothing                   | modificationAmount.value    | 0       | 6010 |
        | another currency          | modificationAmount.currency | "EUR"   | 5040 |
