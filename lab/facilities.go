//go:build linux

package lab

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/kafkalink/kafkalink/lab/consumer"
	"github.com/kafkalink/kafkalink/lab/fabric"
)

// resolverAddress is where machines ask for names, in a cloud that has facilities with names (docs.aws.amazon.com, "Amazon
// DNS server").
var resolverAddress = netip.MustParseAddr("169.254.169.253")

// served is what the lab serves to machines in the cloud's stead.
type served struct {
	servers   []*http.Server
	serving   sync.WaitGroup
	names     *consumer.NameServer
	authority []byte // certificate, in PEM, of who vouches for named facilities
}

// addressesOf are the addresses beside every machine, and those on the internet.
func addressesOf(facilities []fabric.Facility) (beside, internet []netip.Addr) {
	for _, f := range facilities {
		if f.Name == "" {
			beside = append(beside, f.Address.Addr())
		} else {
			internet = append(internet, f.Address.Addr())
		}
	}
	if len(internet) > 0 {
		beside = append(beside, resolverAddress)
	}
	return beside, internet
}

func (l *Lab) serve(ctx context.Context) (s *served, err error) {
	s = &served{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	var vouch *authority
	names := consumer.Names{}
	for _, f := range l.options.Facilities {
		if f.Name == "" {
			listener, err := l.network.Cloud().Listen("tcp4", f.Address.String())
			if err != nil {
				return s, err
			}
			s.serve(listener, f.Handler)
			continue
		}
		if vouch == nil {
			if vouch, err = newAuthority(); err != nil {
				return s, err
			}
			s.authority = vouch.pem
		}
		certificate, err := vouch.certify(f.Name)
		if err != nil {
			return s, err
		}
		listener, err := l.network.Internet().Listen("tcp4", f.Address.String())
		if err != nil {
			return s, err
		}
		s.serve(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}), f.Handler)
		names[f.Name] = []netip.Addr{f.Address.Addr()}
	}
	if len(names) == 0 {
		return s, nil
	}
	at := netip.AddrPortFrom(resolverAddress, 53).String()
	packets, err := l.network.Cloud().ListenPacket("udp4", at)
	if err != nil {
		return s, err
	}
	streams, err := l.network.Cloud().Listen("tcp4", at)
	if err != nil {
		return s, errors.Join(err, packets.Close())
	}
	s.names, err = consumer.ServeNames(context.WithoutCancel(ctx), packets, streams, names)
	return s, err
}

func (s *served) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	s.serving.Go(func() { _ = server.Serve(listener) }) // ends when it is closed
}

// Close stops serving.
func (s *served) Close() error {
	var failed []error
	for _, server := range s.servers {
		failed = append(failed, server.Close())
	}
	s.serving.Wait()
	if s.names != nil {
		failed = append(failed, s.names.Close())
	}
	return errors.Join(failed...)
}

// authority vouches for names within one lab.
type authority struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
	pem         []byte
}

const validity = 30 * 24 * time.Hour

func newAuthority() (*authority, error) {
	a := &authority{}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kafkalink lab"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(validity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	a.certificate, err = x509.ParseCertificate(der)
	return a, err
}

// certify makes the certificate of a name.
func (a *authority) certify(name string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: a.certificate.NotBefore, NotAfter: a.certificate.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
