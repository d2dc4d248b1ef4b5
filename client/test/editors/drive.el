;;; Acts as a user in Emacs with a configuration that is already loaded. Writes what Emacs shows to the file $REPORT, as JSON.  -*- lexical-binding: t -*-
(require 'cl-lib)
(require 'json)
(require 'flymake)

(defvar drive-report nil)

(defun drive-show (name)
  (find-file (expand-file-name name command-line-default-directory)))

(defun drive-diagnostics ()
  "The diagnostics of the buffer: line, rule, severity."
  (vconcat
   (mapcar (lambda (each)
             `((line . ,(line-number-at-pos (flymake-diagnostic-beg each)))
               (rule . ,(plist-get (alist-get 'eglot-lsp-diag (flymake-diagnostic-data each)) :code))
               (severity . ,(symbol-name (flymake-diagnostic-type each)))))
           (flymake-diagnostics))))

(defun drive-shows (rule)
  (cl-some (lambda (each) (equal (alist-get 'rule each) rule)) (drive-diagnostics)))

(defun drive-act (title)
  "Open the menu of code actions at point and choose the one with TITLE.  Return the titles of all actions."
  ;; A key opens the menu in the minibuffer; a click opens a menu of the window system.
  (let ((last-nonmenu-event ?a) offered)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt table &rest _)
                 (setq offered (all-completions "" table))
                 (or (car (member title offered)) (error "%s is missing.  The actions are: %s" title offered)))))
      (call-interactively #'eglot-code-actions))
    (vconcat offered)))

(defun drive-help ()
  "The text of the help buffer if it is about the policy, else nil."
  (let ((buffer (cl-find-if (lambda (each) (string-match-p "\\` ?\\*eldoc" (buffer-name each))) (buffer-list))))
    (when buffer
      (with-current-buffer buffer
        (let ((text (buffer-substring-no-properties (point-min) (point-max))))
          (when (string-match-p "destination ztunnel" text) text))))))

(defun drive-request (method params)
  "The result of a request, as JSON."
  (jsonrpc-request (eglot-current-server) method params :timeout (string-to-number (getenv "LIMIT_SECONDS"))))

(defun drive-ask ()
  "Report the verdict of a request, the page of a rule, and the documents about the policy of the buffer."
  (let* ((document `(:uri ,(eglot--path-to-uri (buffer-file-name))))
         (request (json-parse-string (getenv "REQUEST") :object-type 'plist))
         (documents (drive-request :istioAmbientPolicy/objectDocuments
                                   `(:textDocument ,document :position (:line 2 :character 8))))
         (text (lambda (kind)
                 (plist-get (drive-request :workspace/textDocumentContent `(:uri ,(plist-get documents kind))) :text))))
    (push (cons 'evaluate
                (drive-request :workspace/executeCommand
                               `(:command "ambient-policy.evaluate"
                                 :arguments [(:textDocument ,document :request ,request)])))
          drive-report)
    (push (cons 'page
                (drive-request :workspace/executeCommand
                               '(:command "ambient-policy.explainRule" :arguments ["l7-allow-rule-dropped"])))
          drive-report)
    (push (cons 'received (funcall text :received)) drive-report)
    (push (cons 'status (funcall text :status)) drive-report)
    (call-interactively #'ambient-policy-evaluate)
    t))

(defun drive-repair (name rule needle title)
  "The steps that apply a fix and save the file."
  (let (seen)
    (list
     (lambda () (drive-show name) t)
     (lambda () (drive-shows rule))
     (lambda ()
       (goto-char (point-min))
       (search-forward needle)
       (goto-char (match-beginning 0))
       (let ((before (drive-diagnostics)))
         (setq seen (list (cons 'actions (drive-act title)) (cons 'before before)))))
     (lambda () (and (buffer-modified-p) (not (drive-shows rule))))
     (lambda ()
       (push (cons rule (cons (cons 'after (drive-diagnostics)) seen)) drive-report)
       (save-buffer)
       t))))

(defvar drive-steps
  (append
   (list
    (lambda () (drive-show "policies/productpage-viewer.yaml") t)
    (lambda () (drive-shows "l7-allow-rule-dropped"))
    (lambda ()
      (goto-char (point-min))
      (search-forward "AuthorizationPolicy")
      (backward-char 3)
      (eldoc-print-current-symbol-info t)
      t)
    (lambda ()
      (let ((text (drive-help)))
        (when text (push (cons 'hover text) drive-report))))
    (lambda () (drive-ask)))
   (drive-repair "policies/productpage-viewer.yaml" "l7-allow-rule-dropped" "methods" "Enforce at the waypoint with targetRefs: clients that bypass it are then allowed")
   (drive-repair "policies/peer-authentication.yaml" "disable-mode-is-permissive" "DISABLE" "Remove DISABLE mode"))
  "The remaining steps: each step is repeated until it returns non-nil.")

(defvar drive-end (+ (float-time) (string-to-number (getenv "LIMIT_SECONDS"))))

(defun drive-finish (problem)
  (push (cons 'problem problem) drive-report)
  (push (cons 'messages (with-current-buffer "*Messages*" (buffer-string))) drive-report)
  (with-temp-file (getenv "REPORT") (insert (json-encode drive-report)))
  (set-buffer-modified-p nil)
  (let ((kill-emacs-query-functions nil)) (kill-emacs)))

(defun drive ()
  "Try the next step.  Between two steps Emacs waits for keys: only then it sends changes to the server."
  (condition-case problem
      (with-current-buffer (window-buffer)
        (cond ((null drive-steps) (drive-finish nil))
              ((> (float-time) drive-end) (error "Timeout with %d remaining steps in %s: %S" (length drive-steps) (buffer-name) (drive-diagnostics)))
              ((funcall (car drive-steps)) (pop drive-steps))))
    (error (drive-finish (error-message-string problem)))))

(run-with-timer 0.1 0.1 #'drive)
