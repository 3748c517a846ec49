@assumed @mock-only
Feature: Faults of every kind
  What goes wrong in a network, a gateway or a platform goes wrong here when a tester asks for it: in the
  calls that are meant, as often as is said, and no longer than that.

  Source: our own control API; the shapes of the answers are those of the gateway and of each API.

  Rule: A fault strikes the calls it is meant for, and no others

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":<match>,"effect":{"kind":"status","status":503}}
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is <status>

      Examples:
        | case                     | match                                                                     | status |
        | Its operation            | {"operation":"capture"}                                                   | 503    |
        | Another operation        | {"operation":"refund"}                                                    | 200    |
        | Its reference            | {"operation":"capture","reference":"*ride-*"}                             | 503    |
        | Another reference        | {"operation":"capture","reference":"parcel-*"}                            | 200    |
        | A header that it has     | {"operation":"capture","header":{"name":"Idempotency-Key"}}               | 503    |
        | A header that says so    | {"operation":"capture","header":{"name":"Idempotency-Key","value":"f*"}}  | 503    |
        | A header that does not   | {"operation":"capture","header":{"name":"Idempotency-Key","value":"g*"}}  | 200    |
        | A header that it has not | {"operation":"capture","header":{"name":"Vipps-System-Name"}}             | 200    |
        | The second call          | {"operation":"capture","nth":2}                                           | 200    |
        | Always                   | {"operation":"capture","probability":1}                                   | 503    |

    Scenario: The third call
      Given a payment of NOK 500.00
      And the tester has asked for a fault like {"match":{"operation":"get","nth":3},"effect":{"kind":"status","status":503}}
      And the merchant has read the payment
      And the merchant has read the payment
      When the merchant comes with a look
      Then the answer is 503

    Scenario: A header counts for an error code, too
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"header":{"name":"Idempotency-Key","value":"fare-2"}},"effect":{"kind":"problem","code":6280}}
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted
      And 1 fault is waiting

    Scenario: One call in two, as chance has it
      Given a payment of NOK 500.00
      And the tester has asked for a fault like {"match":{"operation":"get","probability":0.5},"effect":{"kind":"status","status":503}}
      When the merchant reads the payment 40 times within the minute
      Then some of the last 40 answers are 503, and the others 200

    Scenario Outline: Every API has calls that can be struck: <operation>
      Given the merchant has a token
      And the tester has asked for a fault like {"match":{"operation":"<operation>"},"effect":{"kind":"status","status":503}}
      When the merchant calls "<call>"
      Then the answer is 503
      And fault 1 has hit 1 time and is spent

      Examples:
        | operation        | call                                                  |
        | token            | POST /accesstoken/get                                 |
        | create           | POST /epayment/v1/payments                            |
        | events           | GET /epayment/v1/payments/ride-0001/events            |
        | register-webhook | POST /webhooks/v1/webhooks                            |
        | list-webhooks    | GET /webhooks/v1/webhooks                             |
        | receipt          | POST /order-management/v2/ecom/receipts/ride-0001     |
        | link             | PUT /order-management/v2/ecom/categories/ride-0001    |
        | image            | POST /order-management/v1/images                      |
        | exchange-qr      | POST /qr/v1/exchange                                  |
        | userinfo         | GET /vipps-userinfo-api/userinfo/somebody             |

  Rule: The answer is the one that was asked for, and nothing has happened

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":<effect>}
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is <status> and says "<words>"
      And the answer is named as one of fault 1
      And nothing has happened to the payment

      Examples:
        | case                                | effect                                  | status | words                           |
        | An error code                       | {"kind":"problem","code":6280}          | 400    | 6280                            |
        | A payment that is locked            | "locked"                                | 423    | 6160                            |
        | A status                            | {"kind":"status","status":503}          | 503    | Service Unavailable             |
        | The gateway knows nobody            | {"kind":"gateway","status":401}         | 401    | responseInfo                    |
        | The gateway lets nobody through     | {"kind":"gateway","status":403}         | 403    | responseInfo                    |
        | The gateway knows no such route     | {"kind":"gateway","status":404}         | 404    | responseInfo                    |
        | The gateway has seen too many calls | {"kind":"gateway","status":429}         | 429    | Rate limit is exceeded          |
        | The gateway fails                   | {"kind":"gateway","status":500}         | 500    | responseInfo                    |
        | Nobody is behind the balancer       | "html"                                  | 502    | <h1>502 Bad Gateway</h1>        |
        | A firewall                          | {"kind":"html","status":403}            | 403    | Microsoft-Azure-Application     |
        | A page that calls itself a success  | {"kind":"html","status":200}            | 200    | <html>                          |

    Scenario: How long to wait
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":{"kind":"rate-limit","retryAfter":"30s"}}
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the merchant is to wait 30 seconds

    Scenario: Three calls to a locked payment, and a fourth
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"locked","times":3}
      And a capture of NOK 200.00 has failed with the key "fare-1"
      And a capture of NOK 200.00 has failed with the key "fare-1"
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted

    Scenario Outline: The call is carried out, and answered with <case>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":<effect>}
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is <status>
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | case              | effect                                        | status |
        | a status          | {"kind":"status","status":500,"commit":true}  | 500    |
        | one of a gateway  | {"kind":"gateway","status":504,"commit":true} | 504    |
        | a page            | {"kind":"html","commit":true}                 | 502    |

  Rule: An answer that is lost is found under its key

    Scenario Outline: <case>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"<effect>"}
      When the merchant captures NOK 200.00 with the key "fare-1", and has no answer
      Then NOK 500.00 is authorized, NOK <captured> captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | case                                       | effect     | captured |
        | Cut off before anybody looked at the call  | close      | 0.00     |
        | Carried out, and the answer dropped        | drop-reply | 200.00   |
        | Carried out, and the answer cut in two     | truncate   | 200.00   |

    Scenario Outline: Again, after <effect>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"<effect>"}
      And a capture of NOK 200.00 with the key "fare-1" has had no answer
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted
      And NOK 500.00 is authorized, NOK 200.00 captured, NOK 0.00 cancelled and NOK 0.00 refunded

      Examples:
        | effect     |
        | close      |
        | drop-reply |
        | truncate   |

    Scenario: A payment that was created, and nobody told the merchant
      Given the tester has asked for a fault like {"match":{"operation":"create"},"effect":"drop-reply"}
      When the merchant asks for NOK 345.92, and has no answer
      Then the payment is CREATED

  Rule: A late answer is the true one

    Scenario: Late, and refused all the same
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":{"kind":"latency","from":"20ms","to":"30ms"}}
      And the next capture is to fail with 6280
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is refused with 6280 "Capture failed, please try again later"
      And fault 1 has hit 1 time and is spent
      And the last capture took 20 milliseconds or more

  Rule: A fault that is forgotten heals itself

    Scenario: Before its time is over, it strikes as often as there is somebody to strike
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"locked","expiresAfter":"10m"}
      And a capture of NOK 200.00 has failed with the key "fare-1"
      And 9 minutes 59 seconds have passed
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the answer is 423
      And fault 1 has hit 2 times and is waiting

    Scenario: After it
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"locked","expiresAfter":"10m"}
      And 10 minutes have passed
      When the merchant captures NOK 200.00 with the key "fare-1"
      Then the request is accepted
      And fault 1 has hit 0 times and is expired

    Scenario: Whoever moves the clock hears of it
      Given the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"locked","expiresAfter":"10m"}
      When the tester advances the clock by "1h"
      Then the advance reports "fault" "its time is over"

  Rule: Faults are listed with what they have done, until they are taken away

    Scenario: One that has struck as often as it was told
      Given a payment of NOK 500.00 that is approved
      And the next capture is to fail with 6280
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the tester lists the faults
      Then fault 1 has hit 1 time and is spent
      And 0 faults are waiting

    Scenario: One that can strike once more
      Given a payment of NOK 500.00 that is approved
      And the next 2 captures are to fail with 6280
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the tester lists the faults
      Then fault 1 has hit 1 time and is waiting

    Scenario: One that is taken away
      Given every capture is to fail with 6280
      And the next capture is to fail with 6280
      When the tester takes fault 1 away
      Then 1 fault is waiting

    Scenario: One that is not there
      When the tester takes fault 7 away
      Then the control API refuses with 404

  Rule: The journal, the events and the answer name the fault that decided

    Scenario Outline: The journal, of <effect>
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"<effect>"}
      And a capture of NOK 200.00 with the key "fare-1" has had no answer
      When the tester looks at the last call
      Then "operation" of the answer is "capture"
      And "status" of the answer is <status>
      And the call names fault 1, and says "<words>"

      Examples:
        | effect     | status | words                                |
        | close      | 0      | cut off                              |
        | drop-reply | 200    | carried out, and the answer dropped  |
        | truncate   | 200    | carried out, and the answer cut off  |

    Scenario: The journal, and the answer
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":{"kind":"gateway","status":401}}
      And a capture of NOK 200.00 has failed with the key "fare-1"
      When the tester looks at the last call
      Then the reason is the one that the merchant was given
      And the call names fault 1, and says "answered with 401 by the gateway"

    Scenario: The events
      Given a payment of NOK 500.00 that is approved
      And the tester has asked for a fault like {"match":{"operation":"capture"},"effect":"drop-reply","expiresAfter":"10m"}
      And a capture of NOK 200.00 with the key "fare-1" has had no answer
      And 10 minutes have passed
      When the tester reads the events from the start
      Then the events say, one after the other:
        | kind    | words                                        |
        | fault   | is to be carried out, and the answer dropped |
        | fault   | was carried out, and the answer dropped      |
        | payment | CAPTURED                                     |
        | fault   | its time is over (hits: 1)                   |

  Rule: Only what can happen can be asked for, and what is wrong is named

    Scenario Outline: <case>
      When the tester asks for a fault like <fault>
      Then the answer is 400 and says "<words>"
      And 0 faults are waiting

      Examples:
        | case                                | fault                                                                       | words                                  |
        | An effect without a kind            | {"effect":{"status":503}}                                                   | effect: it has no kind                 |
        | A kind that is none                 | {"effect":{"kind":"explode"}}                                               | effect: there is no explode            |
        | A member that is none               | {"effect":{"kind":"close","after":1}}                                       | effect.after                           |
        | A member of another effect          | {"effect":{"kind":"close","status":503}}                                    | status: the effect close takes none    |
        | A status that is none               | {"effect":{"kind":"status","status":200}}                                   | status: 200                            |
        | No status                           | {"effect":"gateway"}                                                        | status: the effect gateway needs one   |
        | A latency of nothing                | {"effect":"latency"}                                                        | latency is by a time                   |
        | A latency that is none              | {"effect":{"kind":"latency","by":"soon"}}                                   | by: soon is no duration                |
        | From long to short                  | {"effect":{"kind":"latency","from":"3s","to":"1s"}}                         | shorter than the shortest              |
        | Part of a second                    | {"effect":{"kind":"rate-limit","retryAfter":"1500ms"}}                      | retryAfter: 1500ms                     |
        | A call that is none                 | {"match":{"operation":"settle"},"effect":"close"}                           | operation: settle                      |
        | An error code elsewhere             | {"match":{"operation":"token"},"effect":"locked"}                           | operation: token                       |
        | A reference that can be none        | {"match":{"reference":"ride #*"},"effect":"close"}                          | reference: ride #*                     |
        | A header that can be none           | {"match":{"header":{"name":"a b"}},"effect":"close"}                        | is no name of a header                 |
        | A webhook has no header             | {"match":{"header":{"name":"X-Try"}},"effect":"drop"}                       | header: a webhook                      |
        | The call before the first           | {"match":{"nth":0},"effect":"close"}                                        | nth: the first call is 1               |
        | More than always                    | {"match":{"probability":1.5},"effect":"close"}                              | probability: 1.5                       |
        | Never                               | {"match":{"probability":0},"effect":"close"}                                | probability: 0                         |
        | Until a time that is none           | {"effect":"close","expiresAfter":"later"}                                   | expiresAfter: later                    |
        | Said twice                          | {"match":{"operation":"get"},"operation":"get","effect":"close"}            | operation: it stands in match already  |
        | Beside the effect that it is for    | {"effect":{"kind":"problem"},"code":6280}                                   | code: it belongs into the effect       |
