// A receiver of webhooks signed with Ed25519, with the standard library alone. DUMONT_JWKS_URL=https://… go run receiver-ed25519.go
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	toleranceSeconds = 300
	cacheFor         = 5 * time.Minute
)

var (
	lock    sync.Mutex
	known   []ed25519.PublicKey
	fetched time.Time
)

func publicKeys() ([]ed25519.PublicKey, error) {
	lock.Lock()
	defer lock.Unlock()
	if time.Since(fetched) < cacheFor {
		return known, nil
	}
	answer, err := http.Get(os.Getenv("DUMONT_JWKS_URL"))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var jwks struct {
		Keys []struct {
			X string `json:"x"`
		} `json:"keys"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&jwks); err != nil {
		return nil, err
	}
	var keys []ed25519.PublicKey
	for _, key := range jwks.Keys {
		bytes, err := base64.RawURLEncoding.DecodeString(key.X)
		if err == nil && len(bytes) == ed25519.PublicKeySize {
			keys = append(keys, bytes)
		}
	}
	known, fetched = keys, time.Now()
	return known, nil
}

func verify(headers http.Header, body []byte) bool {
	timestamp := headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || math.Abs(float64(time.Now().Unix()-seconds)) > toleranceSeconds {
		return false
	}
	keys, err := publicKeys()
	if err != nil {
		return false
	}
	message := append([]byte(headers.Get("webhook-id")+"."+timestamp+"."), body...)
	for _, part := range strings.Split(headers.Get("webhook-signature"), " ") {
		text, found := strings.CutPrefix(part, "v1a,")
		signature, err := base64.StdEncoding.DecodeString(text)
		if !found || err != nil {
			continue
		}
		for _, key := range keys {
			if ed25519.Verify(key, message, signature) {
				return true
			}
		}
	}
	return false
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil || !verify(r.Header, body) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	http.ListenAndServe("127.0.0.1:8080", nil)
}
