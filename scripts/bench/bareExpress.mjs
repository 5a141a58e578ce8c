// The yardstick of http.mjs: one POST with express.json() and Hawser's own check of the Authorization header, which answers
// with the JSON of the variable REPLY.
import express from 'express';
import { authenticate } from '../../packages/http/dist/auth/authenticate.js';

const reply = JSON.parse(process.env.REPLY);
const users = [{ user: 'devops', password: 'foobar', role: 'full' }];
const app = express();
app.post(
  '/devops/piggyback/connectivity',
  authenticate('DITTO-DEVOPS', { secured: true, method: 'basic', users, verifyToken: undefined }),
  express.json(),
  (_request, response) => response.json(reply),
);
const server = app.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${server.address().port}` }));
});
process.once('SIGTERM', () => process.exit(0));
