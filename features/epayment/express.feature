Feature: Express
  The customer chooses in the app where the goods go and which way; the merchant asks for the goods
  alone and is paid for both.

  Source: ePayment API guide, Express; ePayment API description, dynamic options.

  Rule: What is offered is right, and the address is asked for

    @assumed
    Scenario Outline: <case>
      When the merchant offers shipping with <field> set to <value>
      Then the request is refused and names the field "<named>"
      And no payment has come of it

      Examples:
        | case                        | field                              | value                                       | named                                             |
        | Nothing to choose           | shipping.fixedOptions              | []                                          | shipping.fixedOptions                             |
        | Neither options nor anybody | shipping                           | {}                                          | shipping                                          |
        | Options and somebody to ask | shipping.dynamicOptions            | {"callbackUrl": "https://shop.example/s"}   | shipping                                          |
        | A country in full           | shipping.allowedCountries          | ["Norway"]                                  | shipping.allowedCountries[0]                      |
        | A group without options     | shipping.fixedOptions              | [{"type": "MAILBOX", "brand": "POSTEN"}]    | shipping.fixedOptions[0].options                  |
        | A carrier nobody knows      | shipping.fixedOptions              | [{"type": "MAILBOX", "brand": "PIGEON", "options": [{"id": "a", "name": "A", "amount": {"currency": "NOK", "value": 1}}]}] | shipping.fixedOptions[0].brand |
        | A kind nobody knows         | shipping.fixedOptions              | [{"type": "TUBE", "brand": "POSTEN", "options": [{"id": "a", "name": "A", "amount": {"currency": "NOK", "value": 1}}]}] | shipping.fixedOptions[0].type |

    @official
    Scenario: The goods and the way are paid in one currency
      When the merchant offers shipping with shipping.fixedOptions set to [{"type": "MAILBOX", "brand": "POSTEN", "options": [{"id": "a", "name": "A", "amount": {"currency": "EUR", "value": 100}}]}]
      Then the request is refused with 5040

    @assumed
    Scenario Outline: <case>
      When the merchant offers shipping with profile.scope set to <scope>
      Then the request is <answer>

      Examples:
        | case                   | scope          | answer                                         |
        | A name does not do     | "name"         | refused with 4140 "Missing required parameter" |
        | An address does        | "address"      | accepted                                       |
        | With whatever else     | "name address" | accepted                                       |

    @official @mock-only
    Scenario: It needs an approval
      Given a merchant that may not use Express
      When the merchant offers shipping
      Then the request is refused with 5020 "Express payment not allowed"
      And no payment has come of it

  @official
  Rule: Only the customer can settle it

    Scenario: It cannot be approved by force
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      When the merchant forces the approval
      Then the request is refused with 10020 "Approve not allowed"
      And nothing has happened to the payment

    @mock-only
    Scenario: It has been approved already
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      And the customer has chosen
      When the merchant forces the approval
      Then the request is refused with 6230 "Payment is already reserved"
      And nothing has happened to the payment

  @official @mock-only
  Rule: The total is goods and shipping

    Scenario Outline: <case>
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      When the customer approves with shippingOptionId set to <choice>
      Then <total> is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | case                            | choice    | total      |
        | The customer leaves it as it is | nothing   | NOK 394.92 |
        | The customer says the same      | "mailbox" | NOK 394.92 |
        | The customer chooses the other  | "home"    | NOK 444.92 |

    Scenario: The events tell both sums
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      When the customer approves with shippingOptionId set to "home"
      Then the events are:
        | name       | amount     |
        | CREATED    | NOK 345.92 |
        | AUTHORIZED | NOK 444.92 |

    Scenario: The merchant learns where to
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      And the customer has chosen
      When the merchant reads the payment
      Then the answer has the members aggregate, amount, state, paymentMethod, profile, pspReference, reference, shippingDetails, userDetails, captureGuaranteedUntil
      And "shippingDetails" of the answer is {"address": {"addressLine1": "Prøvegata 40", "city": "Trondheim", "country": "NO", "postCode": "7010"}, "shippingCost": 4900, "shippingOptionId": "mailbox", "shippingOptionName": "To the mailbox"}

    Scenario: The webhook tells it too
      Given a receiver of AUTHORIZED
      And an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      When the customer approves
      Then each delivery is compact JSON with the members msn, reference, pspReference, name, amount, timestamp, idempotencyKey, success, userDetails, sub, shippingDetails, captureGuaranteedUntil

  @assumed @mock-only
  Rule: What cannot be shipped is not paid for, and the payment waits on

    Scenario Outline: <case>
      Given an order of NOK 345.92 that is shipped for NOK 49.00 or NOK 99.00
      When the customer tries to approve with <field> set to <value>
      Then the customer cannot
      And nothing has happened to the payment

      Examples:
        | case                             | field            | value                                                                                                |
        | To a country that is not served  | address          | {"addressLine1": "Testgade 1", "city": "Aarhus", "postCode": "8000", "country": "DK"}                |
        | By a way that is not offered     | shippingOptionId | "rocket"                                                                                             |
        | To a customer without an address | phoneNumber      | "4790000005"                                                                                         |

    Scenario: It would come to more than a payment may
      Given an order of NOK 649960.00 that is shipped for NOK 39.00 or NOK 40.01
      When the customer tries to approve with shippingOptionId set to "home"
      Then the customer cannot
      And nothing has happened to the payment

    Scenario: It comes to the most that a payment may
      Given an order of NOK 649960.00 that is shipped for NOK 40.00 or NOK 99.00
      When the customer approves with shippingOptionId set to "mailbox"
      Then NOK 650000.00 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: A shop asks for more than any payment may come to
      Given a shop that ships for NOK 184467440737095516.15
      And an order of NOK 345.92 at that shop
      When the customer tries to approve
      Then the customer cannot
      And nothing has happened to the payment

  @observed @mock-only
  Rule: A shop may be asked for its options when the address is known

    Scenario: The shop ships there
      Given a shop that ships for NOK 79.00
      And an order of NOK 345.92 at that shop
      When the customer approves
      Then the shop is asked about "addressLine1" "Prøvegata 40"
      And NOK 424.92 is authorized, NOK 0.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

    Scenario: The shop does not ship there
      Given a shop that does not ship
      And an order of NOK 345.92 at that shop
      When the customer tries to approve
      Then the customer cannot
      And nothing has happened to the payment

    Scenario: The members can be written as in the description
      Given a shop that ships for NOK 79.00
      And the shop is asked in PascalCase
      And an order of NOK 345.92 at that shop
      When the customer approves
      Then the shop is asked about "AddressLine1" "Prøvegata 40"
