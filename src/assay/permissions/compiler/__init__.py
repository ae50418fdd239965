"""From invariants to guardrails: SCPs, RCPs and EC2 policies that make them true, the proof, and requests to try.

`statements` turns what must never happen into Deny statements; `packing` makes documents of them under AWS's quotas;
`plan` puts both together for a tree of organisational units, and proves what came of it.
"""
