"""A queue broker for tests on Qpid Proton, which shares no code with the clients under test.

usage: protonBroker.py HOST:PORT    (SASL ANONYMOUS; prints `ready`)

Addresses are queues that come into being when they are named. Those that begin with `refused` are not attached; a message
to `reject`, `release` or `modify` gets that outcome; an address that begins with `stuck` gives no credit. A link to
`control` takes the names of queues whose links are then detached with an error.
"""
import collections
import sys

from proton import Condition, Delivery, Endpoint, Terminus
from proton.handlers import MessagingHandler
from proton.reactor import Container


class Queue:
    def __init__(self):
        self.messages = collections.deque()
        self.consumers = []

    def pump(self):
        moved = True
        while self.messages and moved:
            moved = False
            for link in list(self.consumers):
                if self.messages and link.credit > 0:
                    message = self.messages.popleft()
                    delivery = link.send(message)
                    link.unsettled_messages[delivery.tag] = message
                    moved = True


class Broker(MessagingHandler):
    def __init__(self, urls):
        super().__init__(auto_accept=False, prefetch=0)
        self.urls = urls
        self.queues = {}

    def queue(self, name):
        return self.queues.setdefault(name, Queue())

    def on_start(self, event):
        for url in self.urls:
            event.container.listen(url)
        print('ready', flush=True)

    def on_connection_opening(self, event):
        event.connection.container = 'proton-broker'

    def on_link_opening(self, event):
        link = event.link
        address = link.remote_source.address if link.is_sender else link.remote_target.address
        link.refusal = None
        if address is not None and address.startswith('refused'):
            # refused links have no terminus of ours, and are closed when they are open
            link.refusal = Condition('amqp:not-found', 'There is no %s.' % address)
            (link.source if link.is_sender else link.target).type = Terminus.UNSPECIFIED
            return
        if link.is_sender:
            link.source.address = address
            link.unsettled_messages = {}
            self.queue(address).consumers.append(link)
        else:
            link.target.address = address
            if not (address or '').startswith('stuck'):
                link.flow(100)

    def on_link_opened(self, event):
        if event.link.refusal is not None:
            event.link.condition = event.link.refusal
            event.link.close()

    def on_sendable(self, event):
        address = event.link.source.address
        if address is not None:
            self.queue(address).pump()

    def on_message(self, event):
        link, delivery = event.link, event.delivery
        address = link.target.address or event.message.address
        link.flow(1)
        outcome = {'reject': Delivery.REJECTED, 'release': Delivery.RELEASED, 'modify': Delivery.MODIFIED}.get(address)
        if outcome is not None:
            delivery.update(outcome)
            delivery.settle()
            return
        delivery.update(Delivery.ACCEPTED)
        delivery.settle()
        if address == 'control':
            self.detach(event.connection, event.message.body)
            return
        queue = self.queue(address)
        queue.messages.append(event.message)
        queue.pump()

    def on_accepted(self, event):
        event.link.unsettled_messages.pop(event.delivery.tag, None)

    def on_rejected(self, event):
        event.link.unsettled_messages.pop(event.delivery.tag, None)

    def on_released(self, event):
        message = event.link.unsettled_messages.pop(event.delivery.tag, None)
        if message is None:
            return
        if event.delivery.remote_state == Delivery.MODIFIED and event.delivery.remote.failed:
            message.delivery_count += 1
        queue = self.queue(event.link.source.address)
        queue.messages.appendleft(message)
        queue.pump()

    def detach(self, asking, name):
        """Closes every link to a queue, on all connections but the one that asks."""
        for link in list(self.queue(name).consumers):
            link.condition = Condition('amqp:resource-deleted', 'The queue %s is gone.' % name)
            link.close()
            self.forget(link)

    def forget(self, link):
        if not link.is_sender or link.source.address not in self.queues:
            return
        queue = self.queues[link.source.address]
        if link not in queue.consumers:
            return
        queue.consumers.remove(link)
        for tag in sorted(link.unsettled_messages, reverse=True):
            queue.messages.appendleft(link.unsettled_messages[tag])
        link.unsettled_messages = {}
        queue.pump()

    def on_link_closing(self, event):
        self.forget(event.link)

    def on_session_closing(self, event):
        self.forget_all(event.connection, event.session)

    def on_connection_closing(self, event):
        self.forget_all(event.connection, None)

    def on_disconnected(self, event):
        self.forget_all(event.connection, None)

    def forget_all(self, connection, session):
        link = connection.link_head(Endpoint.REMOTE_ACTIVE)
        while link:
            if session is None or link.session == session:
                self.forget(link)
            link = link.next(Endpoint.REMOTE_ACTIVE)


Container(Broker(sys.argv[1:])).run()
