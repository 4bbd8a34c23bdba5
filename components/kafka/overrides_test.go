package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kafkalink/kafkalink/components/kafka"
)

func TestOverridesReplaceDefaultsAndNodesReplaceTheClusters(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{
		Properties: map[string]string{"auto.create.topics.enable": "true", "num.io.threads": "8", "log.retention.hours": "24"},
		Nodes: []kafka.Node{
			{ID: 1, Roles: []kafka.Role{kafka.RoleBroker, kafka.RoleController}, Properties: map[string]string{"num.io.threads": "16"}},
			{ID: 2, Roles: []kafka.Role{kafka.RoleBroker}},
		},
	})
	first := parseProperties(t, c.ServerProperties(c.Nodes[0]))
	other := parseProperties(t, c.ServerProperties(c.Nodes[1]))
	require.Equal(t, "true", first["auto.create.topics.enable"])
	require.Equal(t, "16", first["num.io.threads"])
	require.Equal(t, "8", other["num.io.threads"])
	require.Equal(t, "24", first["log.retention.hours"])
}

func TestValuesSurviveThePropertiesFormat(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"", "plain", `back\slash \u0041`, "# no comment", "! neither", "a=b:c d", "ümlaut", "日本語", "😀 beyond the basic plane", "${env:HOME}",
	} {
		c := mustResolve(t, kafka.Spec{Properties: map[string]string{"x": value}})
		require.Equal(t, value, parseProperties(t, c.ServerProperties(c.Nodes[0]))["x"])
	}
}

func TestReferencesBringTheirProviders(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{Properties: map[string]string{
		"ssl.keystore.password": "${file:/etc/kafka/secrets.properties:keystore}",
		"ssl.key.password":      "${env:KEY_PASSWORD}",
		"sasl.jaas.config":      `org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="${dir:/etc/kafka/secrets:me}";`,
	}})
	p := parseProperties(t, c.ServerProperties(c.Nodes[0]))
	require.Equal(t, "dir,env,file", p["config.providers"])
	require.Equal(t, "org.apache.kafka.common.config.provider.DirectoryConfigProvider", p["config.providers.dir.class"])
	require.Equal(t, "org.apache.kafka.common.config.provider.EnvVarConfigProvider", p["config.providers.env.class"])
	require.Equal(t, "org.apache.kafka.common.config.provider.FileConfigProvider", p["config.providers.file.class"])
}

func TestOwnProvidersAreKept(t *testing.T) {
	t.Parallel()
	c := mustResolve(t, kafka.Spec{Properties: map[string]string{
		"config.providers":             "vault, file",
		"config.providers.vault.class": "com.example.Vault",
		"config.providers.file.class":  "com.example.File",
		"ssl.key.password":             "${vault:secret/kafka:key}",
	}})
	p := parseProperties(t, c.ServerProperties(c.Nodes[0]))
	require.Equal(t, "vault, file", p["config.providers"])
	require.Equal(t, "com.example.File", p["config.providers.file.class"])
}

func TestWhatIsNoSecretIsLetThrough(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{
		"password.encoder.iterations":             "4096",
		"password.encoder.keyfactory.algorithm":   "PBKDF2WithHmacSHA512",
		"delegation.token.max.lifetime.ms":        "604800000",
		"sasl.oauthbearer.token.endpoint.url":     "https://example.com/token",
		"ssl.keystore.location":                   "/etc/kafka/keystore.jks",
		"ssl.keystore.type":                       "PKCS12",
		"ssl.secure.random.implementation":        "SHA1PRNG",
		"authorizer.class.name":                   "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
		"super.users":                             "User:admin;User:kafka",
		"principal.builder.class":                 "com.example.Builder",
		"remote.log.metadata.manager.impl.prefix": "rlmm.config.",
	} {
		_, findings := resolve(kafka.Spec{Properties: map[string]string{key: value}})
		require.NoError(t, findings.Err())
	}
}

func TestSecretsAreRefused(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{
		"ssl.key.password":                 "x",
		"ssl.keystore.key":                 "x",
		"sasl.oauthbearer.clientSecret":    "x",
		"password.encoder.secret":          "x",
		"delegation.token.secret.key":      "x",
		"delegation.token.master.key":      "x",
		"confluent.license.api.key":        "x",
		"basic.auth.user.info":             "me:x",
		"rsm.config.s3.access-key":         "x",
		"some.auth.token":                  "x",
		"SSL.KEY.PASSWORD":                 "x",
		"a.option":                         "-----BEGIN RSA PRIVATE KEY-----",
		"b.option":                         "token: abc",
		"c.option":                         "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.abc",
		"d.option":                         "Endpoint=sb://x/;SharedAccessKey=abc",
		"ssl.truststore.password":          "${file:/etc/kafka/secrets",
		"ssl.keystore.password":            "${file}",
		"listener.name.x.sasl.jaas.config": `M required client_secret="x" other="${env:Y}";`,
	} {
		_, findings := resolve(kafka.Spec{Version: "3.9.0", Properties: map[string]string{key: value}})
		require.ErrorContains(t, findings.Err(), "cluster.properties["+key+"]: Forbidden: looks like a secret", key)
	}
}

func TestSCRAMIsRefusedOnlyWhereItIsBroken(t *testing.T) {
	t.Parallel()
	for version, refused := range map[string]bool{
		"3.7.0": true, "3.7.1": true, "3.7.2": false, "3.8.0": true, "3.8.1": false, "3.9.0": false,
	} {
		_, findings := resolve(kafka.Spec{Version: version, Properties: map[string]string{"sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-256"}})
		require.Equal(t, refused, findings.Err() != nil, version)
	}
}
