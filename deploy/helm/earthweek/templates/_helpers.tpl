{{- define "earthweek.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "earthweek.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "earthweek.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "earthweek.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "earthweek.selector" -}}
app.kubernetes.io/name: {{ include "earthweek.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "earthweek.labels" -}}
{{ include "earthweek.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "earthweek.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* What the bot and its doctor have in common: a pod that may do next to nothing, and its settings. */ -}}
{{- define "earthweek.pod" -}}
serviceAccountName: {{ include "earthweek.fullname" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  - name: data
    emptyDir:
      sizeLimit: 64Mi
{{- with .Values.campaign.configMaps }}
  - name: campaign
    projected:
      sources:
        {{- range . }}
        - configMap:
            name: {{ .name }}
            items:
              {{- toYaml .items | nindent 14 }}
        {{- end }}
{{- end }}
{{- end }}

{{- define "earthweek.container" -}}
image: {{ include "earthweek.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
envFrom:
  - secretRef:
      name: {{ required "set slack.secret to the name of the Secret that has SLACK_BOT_TOKEN and SLACK_APP_TOKEN" .Values.slack.secret }}
env:
  - name: DATABASE_URL
    valueFrom:
      secretKeyRef:
        name: {{ required "set database.secret to the name of the Secret that has the database's address" .Values.database.secret }}
        key: {{ .Values.database.key }}
  - name: EARTHWEEK_CAMPAIGN
    value: {{ .Values.campaign.folder }}
  # Of their own, so that whoever may send events need not see figures.
  - name: EARTHWEEK_METRICS_ADDRESS
    value: 0.0.0.0:9464
{{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
{{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  - name: data
    mountPath: /data
{{- if .Values.campaign.configMaps }}
  # Not by subPath, which Kubernetes never renews: an edited ConfigMap is read within two minutes.
  - name: campaign
    mountPath: {{ .Values.campaign.folder }}
    readOnly: true
{{- end }}
{{- end }}

{{- /* A list of peers that may not be empty: in a NetworkPolicy that would mean everybody. */ -}}
{{- define "earthweek.peers" -}}
{{- if not (first .) }}
{{- fail (printf "set %s" (last .)) }}
{{- end }}
{{- first . | toYaml }}
{{- end }}
