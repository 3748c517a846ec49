Feature: Profile sharing
  A merchant may ask who the customer is. The customer sees it before it pays, and shares all of it or
  ends the payment.

  Source: ePayment API guide, profile sharing; Userinfo API guide.

  Rule: The merchant learns what it asked for once the customer has approved

    @official
    Scenario: Before that it learns nothing
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name email"} |
      When the merchant reads the payment
      Then "profile" of the answer is {}
      And "userDetails" of the answer is null

    @official
    Scenario: Afterwards there is a name for the customer, and what was asked for
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name address email phoneNumber birthDate"} |
      And the customer has approved
      When the merchant reads the payment
      Then the answer has the members aggregate, amount, state, paymentMethod, profile, pspReference, reference, userDetails, captureGuaranteedUntil
      And the customer's sub is a UUID

    @assumed @mock-only
    Scenario Outline: <case>
      Given a payment of NOK 345.92 with these members:
        | profile  | {"scope": "<scope>"}          |
      And the customer has approved
      When the merchant reads the payment
      Then "userDetails.<member>" of the answer is <value>

      Examples:
        | case                      | scope       | member               | value                            |
        | The first name            | name        | firstName            | "Even"                           |
        | The last name             | name        | lastName             | "Myrland"                        |
        | The e-mail address        | email       | email                | "even.myrland@customer.example"  |
        | The phone number          | phoneNumber | mobileNumber         | "4790000099"                     |
        | The day of birth          | birthDate   | dateOfBirth          | "1966-08-21"                     |
        | The town                  | address     | addresses.0.city     | "Trondheim"                      |
        | The postal code           | address     | addresses.0.postCode | "7010"                           |
        | The country               | address     | addresses.0.country  | "NO"                             |
        | Not what was not asked for | name        | email                | null                             |

    @official
    Scenario: Nobody asked
      Given a payment of NOK 345.92 that is approved
      When the merchant reads the payment
      Then "profile" of the answer is {}
      And "userDetails" of the answer is null

    @official
    Scenario: The webhook tells it too, with the sub beside it
      Given a receiver of AUTHORIZED
      And a payment of NOK 345.92 with these members:
        | profile | {"scope": "name"} |
      When the merchant forces the approval
      Then each delivery is compact JSON with the members msn, reference, pspReference, name, amount, timestamp, idempotencyKey, success, userDetails, sub, captureGuaranteedUntil

  @official
  Rule: A customer has one name at a sales unit, and it stays

    Scenario: A second payment
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name"} |
      And the customer has approved
      And the merchant knows the customer's sub
      And another payment of NOK 100.00 with these members:
        | profile | {"scope": "name email"} |
      When the merchant forces the approval
      Then the customer's sub is the same

  @assumed @mock-only
  Rule: A customer who does not share ends the payment

    Scenario: The consent is refused
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name"} |
      When the customer refuses to share its profile
      Then the payment is ABORTED

  @official @mock-only
  Rule: Nobody is asked twice within seven days

    Scenario Outline: <case>
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name"} |
      And the customer has approved
      And <time> have passed
      And another payment of NOK 100.00 with these members:
        | profile | {"scope": "<scope>"} |
      When the tester looks at the payment
      Then "app.asks" of the payment is <asked>

      Examples:
        | case                        | time   | scope      | asked             |
        | The same within the time    | 6 days | name       | null              |
        | The same after it           | 7 days | name       | ["name"]          |
        | More than it has agreed to  | 6 days | name email | ["name", "email"] |

  Rule: What was shared can be read back for a week

    @official
    Scenario: Soon after
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name email"} |
      And the customer has approved
      When the merchant reads the customer's profile
      Then the answer is 200
      And the profile is the customer's

    @official @mock-only
    Scenario: After 168 hours
      Given a payment of NOK 345.92 with these members:
        | profile | {"scope": "name email"} |
      And the customer has approved
      And the merchant knows the customer's sub
      And 168 hours have passed
      When the merchant reads the customer's profile
      Then "given_name" of the answer is "[Expired]"
      And the profile is the customer's

    @assumed
    Scenario: Of nobody
      When the merchant reads the profile of "c0ffee00-0000-4000-8000-000000000001"
      Then the answer is 404 and says "Not Found"
