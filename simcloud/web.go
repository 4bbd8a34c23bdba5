package simcloud

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Settings that the server adds to a provider's for a cloud with a web service of its own.
const (
	// SettingOrigin is where the cloud answers HTTPS: "https://127.0.0.1:PORT".
	SettingOrigin = "simcloud.origin"
	// SettingCertificate is the certificate that it answers with, DER in base64.
	SettingCertificate = "simcloud.certificate"
)

// serveWeb answers a cloud's own HTTPS requests on a port of 127.0.0.1, with a certificate made for this server alone.
func (s *Server) serveWeb(cloud *Cloud) (origin map[string]string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "simulated " + cloud.Package},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}, MinVersion: tls.VersionTLS12,
	})
	if err != nil {
		return nil, fmt.Errorf("serve the simulated %s over HTTPS: %w", cloud.Package, err)
	}
	server := &http.Server{
		Handler: cloud.Web(s.View), ReadHeaderTimeout: time.Minute,
		ErrorLog: log.New(io.Discard, "", 0), // a client that goes away is no error of ours
	}
	s.webs = append(s.webs, server)
	s.running.Go(func() { _ = server.Serve(listener) }) // ends with Close
	return map[string]string{
		SettingOrigin:      "https://" + listener.Addr().String(),
		SettingCertificate: base64.StdEncoding.EncodeToString(certificate),
	}, nil
}
