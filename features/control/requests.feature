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
        | Before that          | until     | 10m     | token, create, approve, capture, capture    |

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
        | until     | later   |
        | limit     | all     |
        | statuses  | 400     |

    Scenario: A call that never was
      When the tester looks at call "1234"
      Then the control API refuses with 404

  Rule: A call can be made again by a command, in which secrets are variables

    Scenario: Masked
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      When the tester looks at the last call
      Then the command to make the call again has "curl 'http://"
      And the command to make the call again has "ocp-apim-subscription-key: ${VIPPS_SUBSCRIPTION_KEY}"
      And the command to make the call again has "authorization: Bearer ${VIPPS_TOKEN}"
      And the command to make the call again has "idempotency-key: fare-1"
      And the call shows no key, no token and no phone number

    Scenario: A phone number
      Given a payment of NOK 345.92
      When the tester looks at the last call
      Then the command to make the call again has "$VIPPS_PHONE"

    Scenario: Unmasked
      Given a payment of NOK 345.92
      When the tester looks at the last call unmasked
      Then the command to make the call again has "4790000099"

  Rule: What the caller may have meant is said where its keys or its path are wrong

    Scenario Outline: The <thing> of another merchant
      Given the merchant has called with the <thing> of another merchant
      When the tester looks at the last call
      Then "status" of the answer is 401
      And the merchant may have meant: "<words>"

      Examples:
        | thing  | words                                                                                |
        | token  | the token was issued to MSN OTHER, and the subscription key belongs to MSN OWN        |
        | number | the Merchant-Serial-Number is OTHER, and the subscription key belongs to MSN OWN      |

    Scenario Outline: The <thing> as <header>
      Given the merchant has called with its <thing> as "<header>"
      When the tester looks at the last call
      Then "status" of the answer is 401
      And the merchant may have meant: "<words>"

      Examples:
        | thing            | header                    | words                                                          |
        | client_id        | Ocp-Apim-Subscription-Key | what was sent as subscription key is the client_id of MSN OWN     |
        | client_secret    | Ocp-Apim-Subscription-Key | what was sent as subscription key is the client_secret of MSN OWN |
        | subscription-key | X-Api-Key                 | the header x-api-key carries the subscription key of MSN OWN   |
        | token            | Authorization             | Authorization carries a good token of MSN OWN                  |

    Scenario: A token of yesterday
      Given the merchant has a token
      And 1 day has passed
      And the merchant has called with its old token
      When the tester looks at the last call
      Then the merchant may have meant: "the token of MSN OWN expired at"

    Scenario Outline: The <thing> as <header> when a token is asked for
      Given the merchant has asked for a token with its <thing> as "<header>"
      When the tester looks at the last call
      Then the merchant may have meant: "<words>"

      Examples:
        | thing            | header        | words                                                        |
        | client_id        | client_secret | what was sent as client_secret is the client_id of MSN OWN      |
        | subscription-key | client_id     | what was sent as client_id is the subscription key of MSN OWN   |

    Scenario Outline: <call>
      Given the merchant has called <call>
      When the tester looks at the last call
      Then "status" of the answer is 404
      And the merchant may have meant: "<words>"

      Examples:
        | call                                     | words                                                         |
        | POST /epayment/v1/payments/ride-0001     | the path exists with GET, not POST                            |
        | POST /v1/payments                        | did you mean POST /epayment/v1/payments                       |
        | POST /epayment/v1/payment                | did you mean POST /epayment/v1/payments                       |
        | GET /webhooks/v1/webhook                 | did you mean GET /webhooks/v1/webhooks                        |
        | POST /epayment/v1/payments/ride-0001/cap | did you mean POST /epayment/v1/payments/{reference}/capture   |

    Scenario: A payment of another merchant
      Given the merchant has looked for the payment of another merchant
      When the tester looks at the last call
      Then "status" of the answer is 404
      And the merchant may have meant: "it belongs to MSN OTHER"

    Scenario Outline: Where nothing is near, nothing is said: <call>
      Given the merchant has called <call>
      When the tester looks at the last call
      Then nothing is said of what the merchant may have meant

      Examples:
        | call                                |
        | GET /epayment/v1/payments/ride-0000 |
        | GET /somewhere/else/altogether      |

  Rule: Calls are exported as an archive that other tools open

    Scenario: Those that are wanted
      Given a payment of NOK 500.00 that is approved
      And the merchant has captured NOK 200.00 with the key "fare-1"
      And the merchant has been refused a capture of NOK 600.00 with the key "fare-2"
      When the tester exports the calls with operation "capture"
      Then the archive is one of HAR 1.2 with the calls capture, capture
      And its last call was a POST of the payment, answered with 400 within the scenario's time
      And the call shows no key, no token and no phone number

    Scenario: What is none is refused
      When the tester exports the calls with status "refused"
      Then the control API refuses with 400

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
