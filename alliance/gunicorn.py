"""How gunicorn serves the portal, in production and under `make run`."""

wsgi_app = "alliance.wsgi"
bind = "127.0.0.1:8000"

# A page is CPU time in Python: one process for each core of a small machine, and threads for those that wait
# for the database or a slow reader.
workers = 2
worker_class = "gthread"
threads = 4

# Load the application once, before the workers are forked: a wrong setting stops the start instead of putting
# each worker in turn to death, and the workers share the memory.
preload_app = True

timeout = 30
graceful_timeout = 5
keepalive = 5

# However long a query string is, the answer should be our own page. The web server in front bounds the line.
limit_request_line = 0

# It would open a socket in the home folder, and we never speak to it.
control_socket_disable = True
