{{/* What both processes share: no root, no token, no file that can be changed. */}}

{{- define "facehash.podSettings" -}}
serviceAccountName: {{ include "facehash.name" . }}
automountServiceAccountToken: false
# A Service called `facehash` would otherwise set FACEHASH_PORT to an address, and the gateway would not start.
enableServiceLinks: false
{{- with .Values.images.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "facehash.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* One host that goes must not take all of them. (dict "root" $ "component" "worker") */}}
{{- define "facehash.spread" -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    matchLabels: {{- include "facehash.selector" . | nindent 6 }}
{{- end }}

{{/* (dict "root" $ "settings" map) */}}
{{- define "facehash.environment" -}}
- name: FACEHASH_REDIS_URL
  valueFrom:
    secretKeyRef: {{- include "facehash.secretKey" (dict "root" .root "of" .root.Values.redis) | nindent 6 }}
- name: FACEHASH_STORAGE_URL
  valueFrom:
    secretKeyRef: {{- include "facehash.secretKey" (dict "root" .root "of" .root.Values.storage) | nindent 6 }}
- { name: FACEHASH_METRICS_HOST, value: 0.0.0.0 }
- { name: FACEHASH_METRICS_PORT, value: '9464' }
{{- range $name, $value := .settings }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- with .root.Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "facehash.secretKey" -}}
name: {{ .of.existingSecret | default (include "facehash.name" .root) }}
key: {{ .of.secretKey }}
{{- end }}

{{- define "facehash.volumeMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* S3 parts of uploads whose size is not known pass through /tmp. */}}
{{- define "facehash.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "facehash.podAnnotations" -}}
# A changed secret starts the pods again.
checksum/secret: {{ include (print .Template.BasePath "/secret.yaml") . | sha256sum }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}
