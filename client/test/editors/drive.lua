-- Acts as a user in Neovim with a configuration that is already loaded. Writes what Neovim shows to the file $REPORT, as JSON.
local report = {}

local function finish(problem)
  report.problem = problem
  report.messages = vim.api.nvim_exec('messages', true)
  vim.fn.writefile({ vim.fn.json_encode(report) }, vim.env.REPORT)
  vim.cmd('qall!')
end

local limit = tonumber(vim.env.LIMIT_MILLISECONDS)

local function wait(what, condition)
  if not vim.wait(limit, condition, 20) then error('Timeout: ' .. what) end
end

-- The diagnostics of a file: line (starts at one), rule, severity.
local function diagnostics(name)
  local shown = {}
  for _, each in ipairs(vim.diagnostic.get(vim.fn.bufnr(name))) do
    table.insert(shown, { line = each.lnum + 1, rule = each.code, severity = vim.diagnostic.severity[each.severity] })
  end
  return shown
end

local function shows(name, rule)
  if vim.fn.bufnr(name) < 0 then return false end
  for _, each in ipairs(diagnostics(name)) do
    if each.rule == rule then return true end
  end
  return false
end

local function floatingText()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n') end
  end
end

-- Opens the menu of code actions at the cursor and chooses the action with a title. Returns the titles of all actions.
local function act(title)
  local offered = {}
  local taken = false
  vim.ui.select = function(items, options, choose)
    for index, item in ipairs(items) do
      local text = options.format_item(item)
      table.insert(offered, text)
      if not taken and text:find(title, 1, true) then
        taken = true
        vim.schedule(function() choose(item, index) end)
      end
    end
  end
  vim.lsp.buf.code_action()
  wait('the menu of code actions', function() return #offered > 0 end)
  if not taken then error(title .. ' is missing. The actions are: ' .. table.concat(offered, ', ')) end
  return offered
end

-- Whether the buffer has a language server.
local function attached()
  local clients = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = 0 }) or vim.lsp.buf_get_clients(0)
  return next(clients) ~= nil
end

local function repair(name, rule, needle, title)
  local function shown() return shows(name, rule) end
  vim.cmd('edit ' .. name)
  wait(rule, function() return attached() and shown() end)
  vim.fn.search(needle, 'cw')
  report[rule] = { before = diagnostics(name), actions = act(title) }
  wait('the end of ' .. rule, function() return vim.bo.modified and not shown() end)
  report[rule].after = diagnostics(name)
  vim.cmd('write')
end

-- Sends a request to the server. Returns its result.
local function request(method, params)
  local answers, failure = vim.lsp.buf_request_sync(0, method, params, limit)
  if not answers then error(method .. ': ' .. tostring(failure)) end
  for _, answer in pairs(answers) do
    if answer.err then error(method .. ': ' .. vim.inspect(answer.err)) end
    return answer.result
  end
end

-- The verdict of a request, the page of a rule, and the documents about the policy of the buffer.
local function ask()
  local textDocument = { uri = vim.uri_from_bufnr(0) }
  local access = vim.fn.json_decode(vim.env.REQUEST)
  report.evaluate = request('workspace/executeCommand', { command = 'ambient-policy.evaluate', arguments = { { textDocument = textDocument, request = access } } })
  report.page = request('workspace/executeCommand', { command = 'ambient-policy.explainRule', arguments = { 'l7-allow-rule-dropped' } })
  local documents = request('istioAmbientPolicy/objectDocuments', { textDocument = textDocument, position = { line = 2, character = 8 } })
  report.received = request('workspace/textDocumentContent', { uri = documents.received }).text
  report.status = request('workspace/textDocumentContent', { uri = documents.status }).text
end

local ok, problem = xpcall(function()
  local viewer, peers = 'policies/productpage-viewer.yaml', 'policies/peer-authentication.yaml'
  wait('diagnostics', function() return shows(viewer, 'l7-allow-rule-dropped') end)
  wait('diagnostics of a file that is not open', function() return shows(peers, 'disable-mode-is-permissive') end)
  vim.fn.cursor(3, 8)
  vim.lsp.buf.hover()
  wait('the hover', function() return floatingText() ~= nil end)
  report.hover = floatingText()
  ask()
  if vim.env.MAPPING then
    vim.cmd('luafile ' .. vim.env.MAPPING)
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('\\ae', true, false, true), 'x', false)
    wait('the answer of the mapping', function() return vim.api.nvim_exec('messages', true):find('verdict') ~= nil end)
  end
  repair(viewer, 'l7-allow-rule-dropped', 'methods', 'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed')
  repair(peers, 'disable-mode-is-permissive', 'DISABLE', 'Remove DISABLE mode')
  report.clients = #vim.tbl_keys((vim.lsp.get_clients or vim.lsp.get_active_clients)())
end, debug.traceback)
finish(not ok and problem or nil)
