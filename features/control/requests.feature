@assumed @mock-only
Feature: The journal of calls
  Every call of the APIs can be looked up afterwards: what was sent, what was answered, which rule
  decided, and what came of it. So nobody has to build a proxy to see what a client does.

  Source: our own control API.

  Rule: A call is kept with both sides of it, and with what came of it

    Scenario: One that changes something
      Given a receiver of all payment events
      And a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the tester looks at the last call
      Then "operation" of the answer is "capture"
      And "status" of the answer is 200
      And the call was sent with the header "idempotency-key" set to "fare-1"
      And the call was answered with NOK 200.00 captured
      And of the call came:
        | CAPTURED NOK 200.00 |
      And the call sent out 1 webhook

    Scenario: One that changes nothing
      Given a payment of NOK 500.00 that is approved
      And the merchant has read the payment
      When the tester looks at the last call
      Then "operation" of the answer is "get"
      And nothing came of the call

    Scenario: One that is repeated with its key
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the tester looks at the last call
      Then "operation" of the answer is "capture"
      And nothing came of the call

    Scenario: One that asks for a token
      Given the merchant has a token
      When the tester looks at the last call
      Then "operation" of the answer is "token"
      And "status" of the answer is 200

  Rule: A refusal is kept with the rule that decided

    Scenario: A capture of too much
      Given a payment of NOK 500.00 that is approved
      And the merchant has been refused a capture of NOK 600.00 with the key "fare-1"
      When the tester looks at the last call
      Then "status" of the answer is 400
      And the reason is the one that the merchant was given
      And nothing came of the call

    Scenario: A fault that was asked for
      Given a payment of NOK 500.00 that is approved
      And the next capture is to fail with 6280
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the tester looks at the last call
      Then the reason is the one that the merchant was given
      And the fault of the call is one that refuses with 6280

  Rule: Secrets, tokens and phone numbers are shown to whoever asks for them, and to nobody else

    Scenario: Masked
      Given a payment of NOK 345.92
      When the tester looks at the last call
      Then the call shows no key, no token and no phone number

    Scenario: Whole
      Given a payment of NOK 345.92
      When the tester looks at the last call unmasked
      Then the call shows the merchant's key, its token and the phone number

    Scenario: A token when it is handed out
      Given the merchant has a token
      When the tester looks at the last call
      Then the call shows no key, no token and no phone number

  Rule: Calls are found by what they are about

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And the merchant has been refused a capture of NOK 600.00 with the key "fare-2"
      And 20 minutes have passed
      And the merchant has read the payment
      When the tester lists the calls with <member> "<value>"
      Then the list has the calls <calls>

      Examples:
        | case                 | member    | value   | calls                                       |
        | What was asked for   | operation | capture | capture, capture                            |
        | A status             | status    | 400     | capture                                     |
        | A class of statuses  | status    | 2xx     | token, create, approve, capture, token, get |
        | The last ten minutes | since     | 10m     | token, get                                  |
        | The latest three     | limit     | 3       | capture, token, get                         |

    Scenario: Those about a payment
      Given a payment of NOK 500.00 that is approved
      And another payment of NOK 300.00 that is approved
      And the merchant has captured NOK 300.00 with the key "fare-1"
      When the tester lists the calls about the payment
      Then the list has the calls create, approve, capture

    Scenario Outline: What is none is refused: <member>
      When the tester lists the calls with <member> "<value>"
      Then the control API refuses with 400

      Examples:
        | member    | value   |
        | operation | settle  |
        | status    | refused |
        | since     | lately  |
        | limit     | all     |
        | statuses  | 400     |

    Scenario: A call that never was
      When the tester looks at call "1234"
      Then the control API refuses with 404

  Rule: A call belongs to the sales unit of its keys, or to none

    Scenario: A wrong subscription key and a good token
      Given the merchant has called with the header "Ocp-Apim-Subscription-Key" set to "00000000000000000000000000000000"
      When the tester looks at the last call
      Then "status" of the answer is 401
      And the reason is the one that the merchant was given

    Scenario: Nobody's keys
      Given the merchant has called with nobody's keys
      When the tester looks at the last call of nobody
      Then "status" of the answer is 401
      And the reason is the one that the merchant was given

    Scenario: A reset forgets the calls
      Given a payment of NOK 345.92
      And the tester has reset the sales unit
      When the tester lists the calls with limit "10"
      Then the list is empty
