package aws

import (
	"encoding/json"
	"io"
	"net/http"

	cloud "github.com/kafkalink/kafkalink/simcloud/aws"
)

// systemsManager is the API of Systems Manager, as far as it puts parameters.
type systemsManager struct {
	account     Account
	credentials *credentials
}

const mostSent = 1 << 20 // bytes of a request

func (s *systemsManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostSent))
	if err != nil {
		answerJSON(w, nil, &apiError{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", err.Error()})
		return
	}
	who, refused := s.credentials.signer(r, body, s.account.Region, "ssm")
	if refused != nil {
		answerJSON(w, nil, refused)
		return
	}
	if target := r.Header.Get("X-Amz-Target"); r.Method != http.MethodPost || target != "AmazonSSM.PutParameter" {
		answerJSON(w, nil, &apiError{http.StatusBadRequest, "UnknownOperationException", "the lab has no " + target})
		return
	}
	var request struct {
		Name, Value, Type string
		Overwrite         bool
	}
	if err := json.Unmarshal(body, &request); err != nil {
		answerJSON(w, nil, &apiError{http.StatusBadRequest, "SerializationException", err.Error()})
		return
	}
	if request.Type != "" && request.Type != "String" {
		answerJSON(w, nil, &apiError{http.StatusBadRequest, "ValidationException", "the lab has parameters of type String, not " + request.Type})
		return
	}
	if err := s.account.PutParameter(who.instance, request.Name, request.Value, request.Overwrite); err != nil {
		code, message, ok := cloud.Refusal(err)
		if !ok {
			code, message = "InternalServerError", err.Error()
		}
		answerJSON(w, nil, &apiError{http.StatusBadRequest, code, message})
		return
	}
	version := 0
	for _, r := range s.account.View().List(tokenParameter) {
		if r.Properties.Text("name") == request.Name {
			version = int(r.Computed.Number("version"))
		}
	}
	answerJSON(w, map[string]any{"Version": version, "Tier": "Standard"}, nil)
}

// answerJSON answers in AWS's JSON protocol, version 1.1.
func answerJSON(w http.ResponseWriter, value map[string]any, refused *apiError) {
	status := http.StatusOK
	if refused != nil {
		status, value = refused.status, map[string]any{"__type": refused.code, "message": refused.message}
		w.Header().Set("X-Amzn-Errortype", refused.code)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who asked may be gone
}
