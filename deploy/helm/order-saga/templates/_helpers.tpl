{{- define "order-saga.version" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "order-saga.settingsName" -}}
order-saga-settings-{{ toJson .Values.settings | sha256sum | trunc 10 }}
{{- end }}

{{/* Labels of every object. `.version` is left out where there are several builds. */}}
{{- define "order-saga.labels" -}}
app.kubernetes.io/name: order-saga
app.kubernetes.io/part-of: order-saga
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with .version }}
app.kubernetes.io/version: {{ . }}
{{- end }}
{{- end }}

{{/* Labels by which a process is found; with `.build` only those of one build. */}}
{{- define "order-saga.selector" -}}
app.kubernetes.io/name: order-saga
app.kubernetes.io/component: {{ .component }}
{{- with .build }}
app.kubernetes.io/version: {{ . }}
{{- end }}
{{- end }}

{{/* What a pod of API or worker has beside its container. */}}
{{- define "order-saga.pod" -}}
serviceAccountName: order-saga
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 15
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "order-saga.selector" $ | nindent 8 }}
  {{- end }}
securityContext: {{- include "order-saga.podSecurity" . | nindent 2 }}
{{- end }}

{{- define "order-saga.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "order-saga.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "order-saga.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end }}

{{- define "order-saga.temporalEnv" -}}
{{- if .Values.temporal.apiKey }}
{{ include "order-saga.secretEnv" (dict "name" "TEMPORAL_API_KEY" "secret" .Values.secretName "key" "temporal-api-key") }}
{{- end }}
{{- if .Values.temporal.tlsSecretName }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/temporal-tls/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/temporal-tls/tls.key
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /etc/temporal-tls/ca.crt
{{- end }}
{{- end }}

{{- define "order-saga.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.temporal.tlsSecretName }}
- name: temporal-tls
  mountPath: /etc/temporal-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "order-saga.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if .Values.temporal.tlsSecretName }}
- name: temporal-tls
  secret:
    secretName: {{ .Values.temporal.tlsSecretName }}
    # 0440
    defaultMode: 288
{{- end }}
{{- end }}

{{- define "order-saga.probes" -}}
startupProbe:
  httpGet:
    path: /healthz
    port: {{ .port }}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /healthz
    port: {{ .port }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: {{ .readyPath | default "/readyz" }}
    port: {{ .port }}
  periodSeconds: {{ .readyPeriod }}
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* An autoscaler by CPU of the Deployment `.target`. */}}
{{- define "order-saga.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .target }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "order-saga.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .target }}
  minReplicas: {{ .scaling.minReplicas }}
  maxReplicas: {{ .scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .scaling.averageUtilization }}
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
      policies:
        - type: Percent
          value: 100
          periodSeconds: 15
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - type: Pods
          value: 1
          periodSeconds: 60
{{- end }}
