export const LANGUAGES = ["Node", "Python", "Go"] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a receiver checks a signature, with the libraries of both schemes. `body` is always the raw text as received. */
export const STANDARD_SNIPPETS: Readonly<Record<Language, string>> = {
  Node: `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.DUMONT_WEBHOOK_SECRET);

// Throws when the request is forged, changed or older than 5 minutes.
export function verify(body, headers) {
  return webhook.verify(body, headers);
}`,
  Python: `import os
from standardwebhooks.webhooks import Webhook

webhook = Webhook(os.environ["DUMONT_WEBHOOK_SECRET"])

# Raises when the request is forged, changed or older than 5 minutes.
def verify(body: str, headers: dict[str, str]):
    return webhook.verify(body, headers)`,
  Go: `import (
	"net/http"
	"os"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Returns an error when the request is forged, changed or older than 5 minutes.
func verify(body []byte, headers http.Header) error {
	webhook, err := standardwebhooks.NewWebhook(os.Getenv("DUMONT_WEBHOOK_SECRET"))
	if err != nil {
		return err
	}
	return webhook.Verify(body, headers)
}`,
};

export const STRIPE_SNIPPETS: Readonly<Record<Language, string>> = {
  Node: `import Stripe from "stripe";

export function verify(body, headers) {
  const signature = headers["x-webhook-signature"];
  return Stripe.webhooks.constructEvent(body, signature, process.env.DUMONT_WEBHOOK_SECRET);
}`,
  Python: `import os
import stripe

def verify(body: str, headers: dict[str, str]):
    signature = headers["X-Webhook-Signature"]
    stripe.WebhookSignature.verify_header(body, signature, os.environ["DUMONT_WEBHOOK_SECRET"], tolerance=300)`,
  Go: `import (
	"net/http"
	"os"

	"github.com/stripe/stripe-go/v82/webhook"
)

func verify(body []byte, headers http.Header) error {
	signature := headers.Get("X-Webhook-Signature")
	return webhook.ValidatePayload(body, signature, os.Getenv("DUMONT_WEBHOOK_SECRET"))
}`,
};
