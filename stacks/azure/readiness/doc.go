// Package readiness asks Azure, before anything is made, whether it will take what is planned: with these credentials'
// permissions, in this subscription, with its quotas, of these sizes and images, in that region. It only reads.
//
// What Azure does not tell beforehand is not asked: policies and locks that deny, deny assignments, and whether a zone has
// room at the moment.
package readiness
