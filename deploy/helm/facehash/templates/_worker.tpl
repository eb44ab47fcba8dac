{{/* A Deployment of workers. (dict "root" $ "component" "worker" "of" .Values.worker "image" … "isScaled" false "rollingUpdate" …) */}}
{{- define "facehash.workers" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "facehash.name" .root }}-{{ .component }}
  labels:
    {{- include "facehash.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  {{- if not .isScaled }}
  replicas: {{ .of.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "facehash.selector" . | nindent 6 }}
  strategy:
    rollingUpdate: {{ .rollingUpdate }}
  template:
    metadata:
      labels:
        {{- include "facehash.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
      annotations: {{- include "facehash.podAnnotations" .root | nindent 8 }}
    spec:
      {{- include "facehash.podSettings" .root | nindent 6 }}
      # A worker that is told to end takes no more jobs and finishes the one in work; the longest, a training, has 120 s.
      terminationGracePeriodSeconds: 150
      topologySpreadConstraints: {{- include "facehash.spread" . | nindent 8 }}
      {{- with .of.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .of.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .of.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: worker
          image: {{ .image }}
          imagePullPolicy: {{ .root.Values.images.pullPolicy }}
          securityContext: {{- include "facehash.containerSecurity" .root | nindent 12 }}
          env:
            # libuv and opencv4nodejs read these before the worker's first line.
            - { name: UV_THREADPOOL_SIZE, value: '6' }
            - { name: OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING, value: '1' }
            {{- include "facehash.environment" (dict "root" .root "settings" .of.settings) | nindent 12 }}
          ports:
            - { name: metrics, containerPort: 9464 }
          # The port opens when everything is loaded, just before the first job is taken.
          startupProbe:
            httpGet: { path: /healthz, port: metrics }
            periodSeconds: 2
            failureThreshold: 60
          # Nobody sends a worker anything, but a roll-out goes on only when the new ones reach Redis and the storage.
          readinessProbe:
            httpGet: { path: /readyz, port: metrics }
            periodSeconds: 10
            timeoutSeconds: 5
          # A fit may hold the event loop for seconds; one that answers nothing for two minutes is frozen.
          livenessProbe:
            httpGet: { path: /healthz, port: metrics }
            periodSeconds: 20
            timeoutSeconds: 10
            failureThreshold: 6
          resources: {{- toYaml .of.resources | nindent 12 }}
          volumeMounts: {{- include "facehash.volumeMounts" .root | nindent 12 }}
      volumes: {{- include "facehash.volumes" .root | nindent 8 }}
{{- end }}
